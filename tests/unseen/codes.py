"""Unseen implementations of `nearest_code` and `condition_on_label`."""

# ruff: noqa

import math

import numpy as np

from .collected import right, wrong

E = "nearest_code"


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


def squares(z_e, codebook):
    return ((z_e[:, None, :] - codebook[None, :, :]) ** 2).sum(axis=2)


def with_codes(indices, codebook):
    return indices, codebook[indices]


right(E, "argmin of squares", lambda z_e, codebook: with_codes(squares(z_e, codebook).argmin(axis=1), codebook))
right(
    E,
    "norm",
    lambda z_e, codebook: with_codes(np.argmin(np.linalg.norm(z_e[:, None] - codebook, axis=-1), axis=1), codebook),
)
right(
    E,
    "multiplied out",
    lambda z_e, codebook: with_codes(np.argmin((codebook**2).sum(1) - 2 * z_e @ codebook.T, axis=1), codebook),
)
right(
    E,
    "list of two lists",
    lambda z_e, codebook: (lambda i: [i.tolist(), codebook[i].tolist()])(squares(z_e, codebook).argmin(1)),
)
right(
    E,
    "whole numbers as floats",
    lambda z_e, codebook: (lambda i: (i.astype(float), np.take(codebook, i, axis=0)))(squares(z_e, codebook).argmin(1)),
)
right(
    E,
    "one-hot product",
    lambda z_e, codebook: (lambda i: (i, np.eye(len(codebook))[i] @ codebook))(squares(z_e, codebook).argmin(1)),
)


@right(E, "loops with math.dist")
def loops(z_e, codebook):
    indices = []
    for z in z_e.tolist():
        best = min(range(len(codebook)), key=lambda j: math.dist(z, codebook[j].tolist()))
        indices.append(best)
    return np.array(indices, dtype=np.int32), np.array([codebook[j] for j in indices])


@right(E, "stable sort")
def sorting(z_e, codebook):
    order = np.argsort(squares(z_e, codebook), axis=1, kind="stable")
    return order[:, 0], codebook[order[:, 0], :]


keep("farthest", lambda z_e, codebook: with_codes(squares(z_e, codebook).argmax(1), codebook))
keep("over the encodings", lambda z_e, codebook: with_codes(squares(z_e, codebook).argmin(0), codebook))
keep("largest product", lambda z_e, codebook: with_codes(np.argmax(z_e @ codebook.T, axis=1), codebook))
keep(
    "cosine",
    lambda z_e, codebook: with_codes(
        np.argmax(z_e @ codebook.T / (np.linalg.norm(codebook, axis=1) + 1e-12), axis=1), codebook
    ),
)
keep("city block", lambda z_e, codebook: with_codes(np.abs(z_e[:, None] - codebook).sum(2).argmin(1), codebook))
keep("largest difference", lambda z_e, codebook: with_codes(np.abs(z_e[:, None] - codebook).max(2).argmin(1), codebook))
keep("swapped", lambda z_e, codebook: with_codes(squares(z_e, codebook).argmin(1), codebook)[::-1])
keep("indices only", lambda z_e, codebook: squares(z_e, codebook).argmin(1))
keep("codes only", lambda z_e, codebook: codebook[squares(z_e, codebook).argmin(1)])
keep("distances for the codes", lambda z_e, codebook: (squares(z_e, codebook).argmin(1), squares(z_e, codebook).min(1)))
keep("encodings for the codes", lambda z_e, codebook: (squares(z_e, codebook).argmin(1), z_e.copy()))
keep(
    "counted from 1",
    lambda z_e, codebook: (squares(z_e, codebook).argmin(1) + 1, codebook[squares(z_e, codebook).argmin(1)]),
)
keep(
    "ties to the last",
    lambda z_e, codebook: with_codes(len(codebook) - 1 - squares(z_e, codebook)[:, ::-1].argmin(1), codebook),
)
keep("difference not squared", lambda z_e, codebook: with_codes((z_e[:, None] - codebook).sum(2).argmin(1), codebook))
keep(
    "|sum of differences|",
    lambda z_e, codebook: with_codes(np.abs((z_e[:, None] - codebook).sum(2)).argmin(1), codebook),
)
keep(
    "length of the code left out",
    lambda z_e, codebook: with_codes(((z_e**2).sum(1)[:, None] - 2 * z_e @ codebook.T).argmin(1), codebook),
)
keep(
    "product not doubled",
    lambda z_e, codebook: with_codes(((codebook**2).sum(1) - z_e @ codebook.T).argmin(1), codebook),
)
keep(
    "one code for all",
    lambda z_e, codebook: with_codes(np.full(len(z_e), squares(z_e, codebook).sum(0).argmin()), codebook),
)
keep(
    "first entry only", lambda z_e, codebook: with_codes(np.abs(z_e[:, :1] - codebook[:, 0]).argmin(1), codebook), False
)
keep(
    "straight through",
    lambda z_e, codebook: (squares(z_e, codebook).argmin(1), 0.5 * (z_e + codebook[squares(z_e, codebook).argmin(1)])),
    False,
)
keep(
    "one-hot",
    lambda z_e, codebook: (
        np.eye(len(codebook))[squares(z_e, codebook).argmin(1)],
        codebook[squares(z_e, codebook).argmin(1)],
    ),
)
keep(
    "last code never",
    lambda z_e, codebook: with_codes(
        squares(z_e, codebook[:-1] if len(codebook) > 1 else codebook).argmin(1), codebook
    ),
)
keep(
    "codes rounded",
    lambda z_e, codebook: (squares(z_e, codebook).argmin(1), codebook[squares(z_e, codebook).argmin(1)].round(2)),
    False,
)
keep(
    "distances rounded to 1 digit",
    lambda z_e, codebook: with_codes(squares(z_e, codebook).round(1).argmin(1), codebook),
    False,
)
keep(
    "squeezed",
    lambda z_e, codebook: tuple(map(np.squeeze, with_codes(squares(z_e, codebook).argmin(1), codebook))),
    False,
)
keep("at most 10 codes", lambda z_e, codebook: with_codes(squares(z_e, codebook[:10]).argmin(1), codebook), False)


@wrong(E, "encodings overwritten", common=True)
def overwrites(z_e, codebook):
    indices = np.zeros(len(z_e), dtype=int)
    for i in range(len(z_e)):
        indices[i] = np.argmin(((z_e[i] - codebook) ** 2).sum(1))
        z_e[i] = codebook[indices[i]]
    return indices, z_e


@wrong(E, "each code once")
def once(z_e, codebook):
    distances, out = squares(z_e, codebook), []
    for row in distances:
        free = [j for j in range(len(codebook)) if j not in out] or list(range(len(codebook)))
        out.append(min(free, key=lambda j: row[j]))
    return with_codes(np.array(out), codebook)


E = "condition_on_label"

right(E, "eye", lambda z, labels, n_classes: np.concatenate([z, np.eye(n_classes)[labels]], axis=1))
right(E, "hstack of comparisons", lambda z, labels, n_classes: np.hstack((z, labels[:, None] == np.arange(n_classes))))
right(
    E,
    "list",
    lambda z, labels, n_classes: [
        [*row, *(1.0 if c == label else 0.0 for c in range(n_classes))] for row, label in zip(z.tolist(), labels)
    ],
)
right(E, "np.c_", lambda z, labels, n_classes: np.c_[z, np.identity(n_classes, dtype=int)[labels]])
right(E, "float32", lambda z, labels, n_classes: np.append(z, np.eye(n_classes)[labels], axis=1).astype("float32"))
right(
    E,
    "Kronecker",
    lambda z, labels, n_classes: np.column_stack([z, *[np.equal(labels, c) * 1 for c in range(n_classes)]]),
)


@right(E, "filled in")
def filled(z, labels, n_classes):
    out = np.zeros((z.shape[0], z.shape[1] + n_classes))
    out[:, : z.shape[1]] = z
    out[np.arange(len(z)), z.shape[1] + labels] = 1
    return out


@right(E, "put_along_axis")
def put(z, labels, n_classes):
    hot = np.zeros((len(labels), n_classes))
    np.put_along_axis(hot, labels.reshape(-1, 1), 1, axis=1)
    return np.block([[z, hot]])


def hot(labels, n_classes):
    return np.eye(n_classes)[labels]


keep("label appended", lambda z, labels, n_classes: np.c_[z, labels])
keep("labels first", lambda z, labels, n_classes: np.hstack([hot(labels, n_classes), z]))
keep("one-hot only", lambda z, labels, n_classes: hot(labels, n_classes))
keep("as many classes as labels show", lambda z, labels, n_classes: np.hstack([z, hot(labels, labels.max() + 1)]))
keep("classes that occur", lambda z, labels, n_classes: np.hstack([z, labels[:, None] == np.unique(labels)]))
keep("counted from 1", lambda z, labels, n_classes: np.hstack([z, hot(labels - 1, n_classes)]))
keep("stacked below", lambda z, labels, n_classes: np.concatenate([z, hot(labels, n_classes)]))
keep("index error: counted from 1", lambda z, labels, n_classes: np.hstack([z, np.eye(n_classes + 1)[labels + 1]]))
keep("0 and 1 swapped", lambda z, labels, n_classes: np.hstack([z, 1 - hot(labels, n_classes)]))
keep("reversed classes", lambda z, labels, n_classes: np.hstack([z, hot(labels, n_classes)[:, ::-1]]), False)
keep("two things", lambda z, labels, n_classes: (z, hot(labels, n_classes)))
keep(
    "label in every column", lambda z, labels, n_classes: np.hstack([z, np.repeat(labels[:, None], n_classes, axis=1)])
)
keep("label times one-hot", lambda z, labels, n_classes: np.hstack([z, labels[:, None] * hot(labels, n_classes)]))
keep(
    "one row for each class",
    lambda z, labels, n_classes: np.hstack([z, np.resize(np.eye(n_classes), (len(z), n_classes))]),
    False,
)
keep(
    "the first label for all",
    lambda z, labels, n_classes: np.hstack([z, np.tile(hot(labels, n_classes)[0], (len(z), 1))]),
    False,
)
keep("whole z", lambda z, labels, n_classes: np.hstack([z.astype(int), hot(labels, n_classes).astype(int)]), False)
keep("z in float16", lambda z, labels, n_classes: np.hstack([z, hot(labels, n_classes)]).astype(np.float16), False)
keep("ten classes", lambda z, labels, n_classes: np.hstack([z, hot(labels, 10)]))
keep("smoothed", lambda z, labels, n_classes: np.hstack([z, 0.9 * hot(labels, n_classes) + 0.1 / n_classes]), False)
keep("sorted labels", lambda z, labels, n_classes: np.hstack([z, hot(np.sort(labels), n_classes)]), False)
keep("scaled label", lambda z, labels, n_classes: np.c_[z, labels / n_classes], False)
keep("thermometer", lambda z, labels, n_classes: np.hstack([z, np.arange(n_classes) <= labels[:, None]]), False)
keep(
    "multiplied",
    lambda z, labels, n_classes: (z[:, :, None] * hot(labels, n_classes)[:, None]).reshape(len(z), -1),
    False,
)
keep("z rounded to 2 digits", lambda z, labels, n_classes: np.hstack([z.round(2), hot(labels, n_classes)]), False)
keep("nothing returned", lambda z, labels, n_classes: None)
keep("one column fewer", lambda z, labels, n_classes: np.hstack([z, hot(labels, n_classes)[:, 1:]]))


@wrong(E, "z changed in place")
def adds(z, labels, n_classes):
    z += labels[:, None]
    return np.hstack([z, hot(labels, n_classes)])
