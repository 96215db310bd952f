"""Slips that need no list: operations on what a right function is given, on what it returns, and on how it is written.

Known misconceptions stand among them as functions of their own, so that two mistakes at once may be one of each kind.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...checks.exercise import Mistake
from .source_places import COMPARISONS, Place, places

Args = tuple[Any, ...]
Function = Callable[..., Any]


@dataclass(frozen=True)
class Operation:
    """A slip: its name, the sentence about it, and one of four things it does to a right function.

    `before` changes the arguments, `after` the value (it sees the arguments as well), `instead` stands for the function,
    and `edit` is one place of its source. `exchanges` says that afterwards a parameter holds what was given for another
    one: names said of it would be untrue.
    """

    name: str
    says: str
    before: Callable[[Args], Args] | None = None
    after: Callable[[Any, Args], Any] | None = None
    instead: Function | None = None
    edit: Edit | None = None
    exchanges: bool = False

    @property
    def rank(self) -> int:
        """How far it is from what can be seen or is known: of two explanations the nearer one is said.

        Two known mistakes come before one known mistake and an argument that is used in another way, though it stands right.
        """
        return 0 if self.after else 2 if self.instead else 3 if self.before else 6


def composed(right: Function, slips: Sequence[Operation]) -> Function:
    """The right function with these slips: those of the arguments first, those of the value last, each in their order.

    Edits must be of one source.
    """
    instead = [slip.instead for slip in slips if slip.instead]
    edits = [slip.edit for slip in slips if slip.edit]
    function = instead[0] if instead else edits[0].source.with_edits(edits) if edits else right
    before = [slip.before for slip in slips if slip.before]
    after = [slip.after for slip in slips if slip.after]

    def wrong(*args: Any) -> Any:
        given = args
        for change in before:
            given = change(given)
        # LAPACK writes to the terminal where it meets infinite numbers.
        if before and any(
            np.isinf(arg).any() for arg in given if isinstance(arg, np.ndarray) and arg.dtype.kind == "f"
        ):
            raise OverflowError("the changed arguments are infinite")
        value = function(*given)
        for turn in after:
            value = turn(value, args)
        return value

    return wrong


_NUMBERS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("squared", np.square),
    ("under a square root", np.sqrt),
    ("in an exponential", np.exp),
    ("in a logarithm", np.log),
    ("halved", lambda x: x / 2),
    ("doubled", lambda x: 2 * x),
    ("with the other sign", np.negative),
    ("without its sign", np.abs),
    ("clipped at 0", lambda x: np.maximum(x, 0)),
    ("inverted", lambda x: 1 / x),
    ("subtracted from 1", lambda x: 1 - x),
    ("rounded to whole numbers", np.round),
)
_ARRAYS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("in reverse order", lambda x: x[::-1]),
    ("with its columns in reverse order", lambda x: x[..., ::-1]),
    ("transposed", np.transpose),
    ("with its first row alone", lambda x: 0 * x + x[:1]),
    ("averaged", np.mean),
    ("centred", lambda x: x - x.mean(axis=0)),
    ("divided by its standard deviation", lambda x: x / x.std(axis=0)),
    ("with columns of length 1", lambda x: x / np.linalg.norm(x, axis=0)),
    ("with rows of length 1", lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)),
)


def on_arguments(parameters: Sequence[str], asked: Sequence[Args]) -> Iterator[Operation]:
    """What can befall the arguments, by what they hold wherever they are asked about: real numbers, arrays, one shape."""
    real = [place for place in range(len(parameters)) if all(_is_real(args[place]) for args in asked)]
    for first in real:
        for second in real:
            if first < second and all(np.shape(args[first]) == np.shape(args[second]) for args in asked):
                one, other = parameters[first], parameters[second]
                yield Operation(
                    f"{one} and {other} are exchanged",
                    f"It looks as if {one} and {other} changed places. Look at the order of the arguments.",
                    before=_exchanged(first, second),
                    exchanges=True,
                )
    for place in real:
        values = [np.asarray(args[place]) for args in asked]
        some = _NUMBERS + (_ARRAYS if all(value.ndim for value in values) else ())
        for words, change in some:
            name = parameters[place]
            yield Operation(
                f"{name} is used {words}",
                f"It looks as if {name} was taken {words}. Look at each place where {name} stands, and at what the text says it is.",
                before=_at(place, change),
            )


def _is_real(value: Any) -> bool:
    return isinstance(value, (float, np.ndarray, np.floating)) and np.asarray(value).dtype.kind == "f"


def _at(place: int, change: Callable[[Any], Any]) -> Callable[[Args], Args]:
    return lambda args: (*args[:place], change(args[place]), *args[place + 1 :])


def _exchanged(first: int, second: int) -> Callable[[Args], Args]:
    def exchange(args: Args) -> Args:
        given = list(args)
        given[first], given[second] = given[second], given[first]
        return tuple(given)

    return exchange


def _rows(args: Args) -> int:
    return next((len(one) for one in args if np.ndim(one) == 2), 1)


def _columns(args: Args) -> int:
    return next((np.shape(one)[1] for one in args if np.ndim(one) == 2), 1)


_FACTORS: tuple[tuple[str, str, Callable[[Any, Args], Any]], ...] = (
    ("is twice what it should be", "Look at the factors.", lambda y, args: 2 * y),
    ("is half of what it should be", "Look at the factors.", lambda y, args: y / 2),
    ("is four times what it should be", "Look at the factors.", lambda y, args: 4 * y),
    ("is a quarter of what it should be", "Look at the factors.", lambda y, args: y / 4),
    ("has the wrong sign", "Look at what is subtracted from what.", lambda y, args: -y),
    ("is squared", "Look at the last power that you take.", lambda y, args: np.square(y)),
    ("is under a square root", "Look at the last root that you take.", lambda y, args: np.sqrt(y)),
    ("has lost its sign", "Look for an absolute value.", lambda y, args: np.abs(y)),
    ("is never below 0", "Look for a bound that nobody asked for.", lambda y, args: np.maximum(y, 0)),
    ("is never above 1", "Look for a bound that nobody asked for.", lambda y, args: np.minimum(y, 1)),
    ("is kept between 0 and 1", "Look for a bound that nobody asked for.", lambda y, args: np.clip(y, 0, 1)),
    ("is 1 too large", "Look for a number that is added or left out.", lambda y, args: y + 1),
    ("is 1 too small", "Look for a number that is subtracted or left out.", lambda y, args: y - 1),
    ("is a half too large", "Look for a number that is added or left out.", lambda y, args: y + 0.5),
    ("is a half too small", "Look for a number that is subtracted or left out.", lambda y, args: y - 0.5),
    ("is multiplied by the number of samples", "Look at sums and means over samples.", lambda y, args: y * _rows(args)),
    ("is divided by the number of samples", "Look at sums and means over samples.", lambda y, args: y / _rows(args)),
    (
        "is divided by one sample too few",
        "Look at what you divide by for a mean.",
        lambda y, args: y * _rows(args) / (_rows(args) - 1),
    ),
    (
        "is multiplied by the number of columns",
        "Look at sums and means over dimensions.",
        lambda y, args: y * _columns(args),
    ),
    (
        "is divided by the number of columns",
        "Look at sums and means over dimensions.",
        lambda y, args: y / _columns(args),
    ),
    (
        "is averaged over the columns instead of the samples",
        "Look at what you divide by for a mean.",
        lambda y, args: y * _rows(args) / _columns(args),
    ),
)
_RARE_FACTORS: tuple[tuple[str, str, Callable[[Any, Args], Any]], ...] = (
    ("is in bits", "Look at the base of your logarithms.", lambda y, args: y / np.log(2)),
    ("is in tens", "Look at the base of your logarithms.", lambda y, args: y / np.log(10)),
    ("is an exponential of what it should be", "Look at the last step.", lambda y, args: np.exp(y)),
    ("is a logarithm of what it should be", "Look at the last step.", lambda y, args: np.log(y)),
    (
        "is divided by the root of the number of columns",
        "Look for a root that nobody asked for.",
        lambda y, args: y / np.sqrt(_columns(args)),
    ),
    (
        "is divided by the root of the number of its own columns",
        "Look for a root that nobody asked for.",
        lambda y, args: y / np.sqrt(y.shape[-1]),
    ),
    (
        "is divided by the number of its own columns",
        "Look at sums and means over dimensions.",
        lambda y, args: y / y.shape[-1],
    ),
    ("is subtracted from 1", "Look at which of two shares is meant.", lambda y, args: 1 - y),
    ("is inverted", "Look at what is divided by what.", lambda y, args: 1 / y),
    ("is rounded to whole numbers", "Look for a step that rounds.", lambda y, args: np.round(y)),
    ("has lost its digits", "Look for an array of whole numbers.", lambda y, args: np.trunc(y)),
    ("is rounded to two digits", "Look for a step that rounds.", lambda y, args: np.round(y, 2)),
    ("is rounded to three digits", "Look for a step that rounds.", lambda y, args: np.round(y, 3)),
    ("is rounded to four digits", "Look for a step that rounds.", lambda y, args: np.round(y, 4)),
)
_SHAPES: tuple[tuple[str, str, Callable[[Any, Args], Any]], ...] = (
    ("is in reverse order", "Look at the order of what comes out.", lambda y, args: y[::-1]),
    ("has its columns in reverse order", "Look at the order of what comes out.", lambda y, args: y[..., ::-1]),
    ("is transposed", "Look at which axis is which.", lambda y, args: np.transpose(y)),
    ("is summed", "Look at which axes are summed over.", lambda y, args: np.sum(y)),
    ("is averaged", "Look at which axes are averaged over.", lambda y, args: np.mean(y)),
    ("is summed over its rows", "Look at which axes are summed over.", lambda y, args: np.sum(y, axis=0)),
    ("is averaged over its rows", "Look at which axes are averaged over.", lambda y, args: np.mean(y, axis=0)),
    ("is summed over its columns", "Look at which axes are summed over.", lambda y, args: np.sum(y, axis=-1)),
    ("is averaged over its columns", "Look at which axes are averaged over.", lambda y, args: np.mean(y, axis=-1)),
    ("is that of the first sample alone", "Look for an index that is left from a trial.", lambda y, args: y[0]),
    (
        "is that of the last sample for all samples",
        "Look for a loop that writes all rows each time.",
        lambda y, args: 0 * y + y[-1:],
    ),
    (
        "has zeros in its last row",
        "Look where your loop ends.",
        lambda y, args: np.append(y[:-1], 0 * y[-1:], axis=0) if y.ndim > 1 else y,
    ),
    ("lacks its last row", "Look where your loop or your slice ends.", lambda y, args: y[:-1] if y.ndim > 1 else y),
    ("has a column of ones more", "Look for a bias.", lambda y, args: np.append(y, np.ones((len(y), 1)), axis=1)),
    ("is its first column alone", "Look for an index that is left from a trial.", lambda y, args: y[..., 0]),
    ("is flat", "Look for a step that changes the shape.", lambda y, args: np.ravel(y)),
    (
        "loses its axes of length 1",
        "Look for a step that drops them: one sample, or one dimension, has them, too.",
        lambda y, args: np.squeeze(y),
    ),
    (
        "has rows of length 1",
        "Look for a step that scales rows.",
        lambda y, args: y / np.linalg.norm(y, axis=-1, keepdims=True),
    ),
)


def on_answers(names: Sequence[str], right: Sequence[Any]) -> Iterator[Operation]:
    """What can befall the answer or one of its parts, by the right answers: real numbers, with a sign, arrays."""
    several = len(names) > 1
    # In the order in which they are likely: pairs of the last ones may be too many.
    for words, look, change in (*_FACTORS, *_RARE_FACTORS) if several else ():
        yield Operation(f"every part {words}", look, after=_every(change))
    of_parts = [[np.asarray(value[place] if several else value) for value in right] for place in range(len(names))]
    shaped = [any(part.ndim for part in parts) for parts in of_parts]

    def of_each(some: Sequence[tuple[str, str, Callable[[Any, Args], Any]]]) -> Iterator[Operation]:
        for place, name in enumerate(names):
            what = f"`{name}`" if several else "the answer"
            for words, look, change in some if shaped[place] or some is not _SHAPES else ():
                # The name says what happened; both are shown together.
                yield Operation(f"{what} {words}", look, after=_part(place, change) if several else change)

    yield from of_each(_FACTORS)
    yield from of_each(_SHAPES)
    if several:
        yield Operation(
            "the parts are exchanged",
            "They come in another order than the text says.",
            after=lambda value, args: tuple(reversed(value)),
        )
        for place, name in enumerate(names):
            yield Operation(
                f"only `{name}` comes back",
                "The other parts are missing. Look at the `return`.",
                after=lambda value, args, place=place: value[place],  # type: ignore[misc]
            )
    yield from of_each(_RARE_FACTORS)


def _part(place: int, change: Callable[[Any, Args], Any]) -> Callable[[Any, Args], Any]:
    return lambda value, args: (*value[:place], change(value[place], args), *value[place + 1 :])


def _every(change: Callable[[Any, Args], Any]) -> Callable[[Any, Args], Any]:
    return lambda value, args: tuple(change(part, args) for part in value)


_COMPARE = "Compare your steps, one by one, with those of the text."
_OTHER: dict[type[ast.operator], tuple[ast.operator, str]] = {
    ast.Add: (ast.Sub(), "a term has the wrong sign"),
    ast.Sub: (ast.Add(), "a term has the wrong sign"),
    ast.Mult: (ast.Div(), "a product and a quotient are exchanged"),
    ast.Div: (ast.Mult(), "a product and a quotient are exchanged"),
}
_CALLED: dict[str, tuple[tuple[str, str], ...]] = {
    "sum": (("mean", "a sum is replaced by a mean"),),
    "mean": (("sum", "a mean is replaced by a sum"), ("median", "a mean is replaced by a median")),
    "std": (("var", "a standard deviation is replaced by a variance"),),
    "var": (("std", "a variance is replaced by a standard deviation"),),
    "sin": (("cos", "a sine and a cosine are exchanged"),),
    "cos": (("sin", "a sine and a cosine are exchanged"),),
    "maximum": (("minimum", "a minimum and a maximum are exchanged"),),
    "minimum": (("maximum", "a minimum and a maximum are exchanged"),),
    "argmin": (("argmax", "a minimum and a maximum are exchanged"),),
    "log": (
        ("log10", "a logarithm has the base 10"),
        ("log2", "a logarithm has the base 2"),
        ("log1p", "a logarithm is that of a number 1 larger"),
    ),
    "exp": (("expm1", "an exponential is 1 too small"), ("exp2", "an exponential has the base 2")),
}
_EQUAL: dict[type[ast.cmpop], str] = {
    ast.Gt: "equal counts as larger",
    ast.GtE: "equal does not count as large enough",
    ast.Lt: "equal counts as smaller",
    ast.LtE: "equal does not count as small enough",
}
_STEPS = {
    "exp": "an exponential is missing",
    "log": "a logarithm is missing",
    "sqrt": "a square root is missing",
    "square": "a square is missing",
    "abs": "an absolute value is missing",
    "clip": "a bound is missing",
}


@dataclass(frozen=True)
class Edit:
    """A change of one place in the source of a function: which place, and which of the changes there."""

    source: Source
    place: int
    number: int


class Source:
    """The source of a right function, and what it computes with changes in one or several places."""

    def __init__(self, function: Function) -> None:
        """Read it; it has no places where it cannot be read or does not stand alone."""
        self._function = function
        self._parameters = list(inspect.signature(function).parameters)
        self._places: list[Place] = []
        self._words: list[list[str]] = []
        self._made: dict[tuple[tuple[int, int], ...], Function] = {}
        try:
            self._tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, TypeError, SyntaxError):
            return
        definition = self._tree.body[0]
        if isinstance(definition, ast.FunctionDef) and not function.__closure__:
            definition.decorator_list = []
            self._places = places(definition)
            self._words = [[words for words, _ in _edits(one.node, self._parameters)] for one in self._places]

    def edits(self) -> Iterator[tuple[str, Edit]]:
        """All changes of one place, each with what kind of thing it changes."""
        for position, kinds in enumerate(self._words):
            for number, words in enumerate(kinds):
                yield words, Edit(self, position, number)

    def with_edits(self, edits: Sequence[Edit]) -> Function:
        """The function with these changes; raises ValueError where one takes away what another one changes."""
        # What stands inside another place is changed first: the change of the outer one then finds it changed.
        wanted = tuple(sorted(((edit.place, edit.number) for edit in edits), reverse=True))
        if wanted not in self._made:
            self._made[wanted] = self._compiled(wanted)
        return self._made[wanted]

    def _compiled(self, wanted: Sequence[tuple[int, int]]) -> Function:
        with ExitStack() as changed:
            for position, number in wanted:
                place = self._places[position]
                changes = list(_edits(place.node, self._parameters))
                if number >= len(changes) or changes[number][0] != self._words[position][number]:
                    raise ValueError("one change takes away what another one changes")
                other = changes[number][1]
                ast.fix_missing_locations(ast.copy_location(other, place.node))
                changed.enter_context(place.replaced(other))
            name = self._function.__name__
            names = {key: value for key, value in self._function.__globals__.items() if key != name}
            exec(compile(self._tree, "<slip>", "exec"), names)
        made: Function = names[name]
        return made


def known(mistakes: Sequence[Mistake]) -> Iterator[Operation]:
    """Misconceptions that stand in a list, as functions that stand for the right one."""
    for one in mistakes:
        if one.tell is None:
            yield Operation(one.name, one.says, instead=on_copies(one.function))


def changes(function: Function, args: Args) -> bool:
    """Whether a function changes what it is given, whatever it answers."""
    given = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
    with suppress(Exception), np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        function(*given)
    return not all(np.array_equal(one, other, equal_nan=True) for one, other in zip(given, args, strict=True))


def on_copies(function: Function) -> Function:
    """The function called with copies: some mistakes change what they are given."""
    return lambda *args: function(*(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args))


def on_source(function: Function) -> Iterator[Operation]:
    """What can befall one place of a right function's own source."""
    for words, edit in Source(function).edits():
        yield Operation(words, f"Your answers are those of right steps in which {words}. {_COMPARE}", edit=edit)


def _edits(node: ast.AST, parameters: Sequence[str]) -> Iterator[tuple[str, ast.expr]]:
    """The names and outcomes of single changes at a place; the place itself stays as it is."""
    if isinstance(node, ast.BinOp):
        yield from _edits_of_two(node)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        order = type(node.ops[0])
        if order in COMPARISONS:
            with_equal, turned = COMPARISONS[order]
            yield _EQUAL[order], ast.Compare(node.left, [with_equal()], node.comparators)
            yield "a comparison is the wrong way round", ast.Compare(node.left, [turned()], node.comparators)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "a term has the wrong sign", node.operand
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield "a transpose is missing", node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _edits_of_a_call(node, node.func)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters:
        others = (other for other in parameters if other != node.id)
        yield from ((f"{other} stands where {node.id} belongs", ast.Name(other, ast.Load())) for other in others)


def _edits_of_two(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    if type(node.op) in _OTHER:
        operator, words = _OTHER[type(node.op)]
        yield words, ast.BinOp(node.left, operator, node.right)
    numbers = isinstance(node.left, ast.Constant), isinstance(node.right, ast.Constant)
    if isinstance(node.op, ast.Add | ast.Sub):
        names = ["the constant is missing" if number else "a term is missing" for number in numbers]
        yield names[1], node.left
        yield names[0], ast.BinOp(ast.Constant(0.0), node.op, node.right)
    elif isinstance(node.op, ast.Pow) or (
        isinstance(node.op, ast.Mult) and ast.dump(node.left) == ast.dump(node.right)
    ):
        yield "a square is missing", node.left
    elif isinstance(node.op, ast.Mult):
        yield ("a constant factor is missing" if numbers[1] else "a factor is missing"), node.left
        yield ("a constant factor is missing" if numbers[0] else "a factor is missing"), node.right
    elif isinstance(node.op, ast.Div):
        yield ("a constant factor is missing" if numbers[1] else "a division is missing"), node.left


def _edits_of_a_call(node: ast.Call, called: ast.Attribute) -> Iterator[tuple[str, ast.expr]]:
    if called.attr in _STEPS and node.args:
        yield _STEPS[called.attr], node.args[0]
    for other, words in _CALLED.get(called.attr, ()):
        yield words, ast.Call(ast.Attribute(called.value, other, ast.Load()), node.args, node.keywords)
    for axis in node.keywords:
        if axis.arg == "axis" and isinstance(axis.value, ast.Constant):
            rest = [one for one in node.keywords if one is not axis]
            turned = ast.keyword("axis", ast.Constant(0 if axis.value.value else 1))
            yield "a reduction goes over the other axis", ast.Call(called, node.args, [*rest, turned])
            yield "a reduction goes over all axes", ast.Call(called, node.args, rest)
