"""Name mistakes by what Python says of them: the same errors come in every exercise, whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .asking import FormedAnswer
from .diagnosis import NamedMistake
from .exercise import Answer


@dataclass(frozen=True, eq=False)
class ErrorKind:
    """A mistake that Python itself reports: its name, the sentence about it, and how the messages of its errors begin."""

    name: str
    says: str
    errors: Mapping[str, str]

    def fits(self, answer: Answer) -> bool:
        """Whether an answer raised an error of this kind."""
        return answer.error in self.errors and re.match(self.errors[answer.error], answer.detail) is not None


_NUMBER = r"'?(?:float|int|bool|numpy\.(?:float|int|bool)\w*)'?"
_FUNCTION = r"'(?:function|method|builtin_function_or_method|numpy\.ufunc)'"

KINDS = (
    ErrorKind(
        "a name that is not defined",
        "Nothing of this name is defined. Look at its spelling, at the parameters in the first line, and whether "
        "`np.` is missing before it.",
        {"NameError": r"name '"},
    ),
    ErrorKind(
        "a variable is read before it is set",
        "A variable is read on a line that runs before the variable has a value. Set it first, also for the case "
        "that a loop or an `if` is not entered.",
        {"UnboundLocalError": "", "NameError": r"cannot access"},
    ),
    ErrorKind(
        "a function that the module does not have",
        "The module has nothing of this name. Look the name up in the manual.",
        {"AttributeError": r"module '"},
    ),
    ErrorKind(
        "a number is used like an array",
        "A plain number has no axes, no entries and no methods of arrays. Inputs may be plain numbers; np.asarray "
        "makes an array of anything.",
        {
            "AttributeError": rf"{_NUMBER} object has no attribute",
            "TypeError": (
                rf"{_NUMBER} object (?:is not iterable|is not subscriptable|does not support item)|"
                rf"object of type {_NUMBER} has no len|cannot unpack non-iterable {_NUMBER}|"
                r"len\(\) of unsized object|iteration over a 0-d array"
            ),
            "IndexError": r"invalid index to scalar variable|too many indices.*0-dimensional",
        },
    ),
    ErrorKind(
        "`^` is taken for a power",
        "In Python `^` compares bits. A power is written with `**`.",
        {"TypeError": r"unsupported operand type\(s\) for \^|ufunc 'bitwise_xor'"},
    ),
    ErrorKind(
        "something that is None is used",
        "A function that returns nothing gives None. Look at what your own functions return, and at methods that "
        "change an array in place.",
        {"AttributeError": r"'NoneType' object", "TypeError": r"unsupported operand.*'NoneType'|'NoneType' object"},
    ),
    ErrorKind(
        "a function is used without being called",
        "The name of a function stands where its answer belongs. Are the round brackets missing?",
        {
            "TypeError": rf"unsupported operand.*{_FUNCTION}|{_FUNCTION} object",
            "AttributeError": rf"{_FUNCTION} object",
        },
    ),
    ErrorKind(
        "a list or a tuple is used in arithmetic",
        "Lists and tuples do not calculate entry by entry. Make arrays of them with np.array, or join tuples with "
        "tuples.",
        {
            "AttributeError": r"'(?:list|tuple)' object",
            "TypeError": (
                r"unsupported operand.*'(?:list|tuple)'|can only concatenate (?:list|tuple)|"
                r"can't multiply sequence|'[^']+' not supported between instances of '(?:list|tuple)'|"
                r"bad operand type for .*'(?:list|tuple)'"
            ),
        },
    ),
    ErrorKind(
        "an attribute that arrays do not have",
        "Arrays of NumPy have no attribute of this name. Look the name up in the manual; other libraries use "
        "other names.",
        {"AttributeError": r"'numpy\.ndarray' object"},
    ),
    ErrorKind(
        "something is called that is no function",
        "Round brackets behind a value call it. Is a `*` missing before a bracket, or are round brackets written "
        "for square ones?",
        {"TypeError": r".*object is not callable"},
    ),
    ErrorKind(
        "an array is used like a number",
        "An array stands where only one number can be. Functions of `math`, `float()` and `int()` take one "
        "number; NumPy has functions for arrays.",
        {
            "TypeError": r"only (?:0-dimensional|length-1|size-1) arrays|must be real number, not",
            "ValueError": r"setting an array element",
        },
    ),
    ErrorKind(
        "the shape must be one tuple",
        "A shape with several axes is one argument: a tuple in brackets of its own.",
        {"TypeError": r"(?:Cannot interpret|data type) '"},
    ),
    ErrorKind(
        "a tuple inside the shape",
        "A shape is one flat tuple of whole numbers. A tuple or a list stands inside of it, or where one number belongs.",
        {"TypeError": r"'(?:tuple|list)' object cannot be interpreted as an integer"},
    ),
    ErrorKind(
        "a whole number is expected",
        "Sizes, counts and indices must be whole numbers, each one alone. Look at what you hand to `range`, to "
        "shapes and to brackets. Functions that join arrays take them together in one list.",
        {
            "TypeError": (
                r".*cannot be interpreted as an integer|expected a sequence of integers|only integer scalar arrays|"
                r"(?:list|tuple) indices must be|slice indices must be"
            ),
            "IndexError": r"only integers, slices|arrays used as indices",
        },
    ),
    ErrorKind(
        "too many arguments for a function of NumPy",
        "Functions such as np.log take one array. What stands second is taken for the place of the result, not "
        "for a base or a power.",
        {"TypeError": r"return arrays must be of ArrayType"},
    ),
    ErrorKind(
        "the number of arguments does not fit",
        "A function was called with more, with fewer or with other arguments than it takes. If it is your own, "
        "its first line must be that of the text.",
        {
            "TypeError": (
                r".*(?:takes .*positional argument|missing \d+ required|unexpected keyword|multiple values for|"
                r"expected at (?:most|least)|expected \d+ arguments?,|takes no |takes exactly|takes at most|takes from)"
            ),
        },
    ),
    ErrorKind(
        "the shapes of a matrix product do not fit",
        "In a product of matrices the first has as many columns as the second has rows. Print both shapes, and "
        "look at the order and at transposes.",
        {"ValueError": r"matmul: |shapes .* not aligned|(?:Incompatible dimensions|shape-mismatch) for"},
    ),
    ErrorKind(
        "the letters of einsum do not fit",
        "For each array einsum needs one letter an axis, and one letter stands for one length everywhere.",
        {
            "ValueError": (
                r"ein|operand has more dimensions|"
                r"operands could not be broadcast together with remapped|output subscripts"
            )
        },
    ),
    ErrorKind(
        "the shapes do not fit together",
        "Two arrays were put together whose shapes do not fit. Print the shape of each, and look at every `axis`.",
        {
            "ValueError": (
                r"operands could not be broadcast|shape mismatch|could not broadcast|non-broadcastable|"
                r"cannot copy sequence|cannot assign \d+ input values"
            ),
            "IndexError": r"shape mismatch|boolean index did not match",
        },
    ),
    ErrorKind(
        "a whole array is asked for one yes or no",
        "`if`, `and`, `or`, `not`, `min()` and `max()` decide once, but an array has many values. NumPy has "
        "functions that decide for each entry.",
        {"ValueError": r"The truth value of an array"},
    ),
    ErrorKind(
        "the arrays cannot be joined",
        "Arrays that are joined must have the same number of axes, and the same length along all axes but one. "
        "Print the shape of each.",
        {
            "ValueError": (
                r"all the input array|all input arrays must|zero-dimensional arrays cannot|" r"need at least one array"
            )
        },
    ),
    ErrorKind(
        "more or fewer things are expected",
        "On the left of `=` stand more or fewer names than there are things on the right. A shape has one number "
        "an axis, and inputs may have other axes than you expect.",
        {"ValueError": r"not enough values to unpack|too many values to unpack"},
    ),
    ErrorKind(
        "an index beyond the end",
        "An index was as large as the axis or larger. Which axis is counted, and which one is indexed?",
        {"IndexError": r"index -?\d+ is out of bounds|(?:list|string)(?: assignment)? index out of range"},
    ),
    ErrorKind(
        "an axis that the array does not have",
        "The array has fewer axes than the code counts on. Print its shape; axes count from 0.",
        {
            "IndexError": r"too many indices|tuple index out of range",
            "AxisError": "",
            "ValueError": r"axes don't match|.*axis.* out of bounds",
        },
    ),
    ErrorKind(
        "the new shape has another size",
        "An array can only be reshaped to a shape with as many entries. Multiply the numbers of both shapes.",
        {"ValueError": r"cannot reshape array"},
    ),
    ErrorKind(
        "a function for matrices is given another array",
        "A function of linear algebra was given an array with too few or too many axes, or a matrix that is not "
        "square.",
        {
            "LinAlgError": r"Last 2 dimensions|\d+-dimensional array given",
            "ValueError": r"Input must be 1- or 2-d|Input must be >= 2-d|diag requires|mean must be 1 dim",
        },
    ),
    ErrorKind(
        "a matrix that has no inverse",
        "A matrix was to be inverted that has no inverse for some inputs that are allowed.",
        {"LinAlgError": r"Singular matrix|Matrix is not positive"},
    ),
    ErrorKind(
        "a division by 0",
        "Some inputs that are allowed make what you divide by 0. Read what must come out for them.",
        {"ZeroDivisionError": ""},
    ),
    ErrorKind(
        "a root or a logarithm that does not exist",
        "A function of `math` was given a number for which it has no value. Look at what stands under the root or "
        "in the logarithm.",
        {"ValueError": r"math domain error|expected a (?:positive|nonnegative)"},
    ),
    ErrorKind(
        "a number is too large",
        "A number became too large on the way, for inputs whose answer is not. Look for another order of the steps.",
        {"OverflowError": r"math range error|\(34|cannot convert float inf"},
    ),
    ErrorKind(
        "a function calls itself without end",
        "A function called itself again and again. Look for one name that stands for two things.",
        {"RecursionError": ""},
    ),
    ErrorKind(
        "a module that is not there",
        "The exercise needs nothing but NumPy and what the notebook imports. Other modules may be missing where "
        "it is graded.",
        {"ModuleNotFoundError": "", "ImportError": ""},
    ),
    ErrorKind(
        "an `assert` in the answer fails",
        "An `assert` of your own does not hold for an input that is allowed. Read again which inputs may come.",
        {"AssertionError": ""},
    ),
    ErrorKind(
        "a key that the dictionary does not have",
        "A dictionary was asked for a key that it does not have. Print its keys.",
        {"KeyError": ""},
    ),
)
"""From the special to the general: the first that fits is said."""


def kind_of(answer: Answer) -> ErrorKind | None:
    """The kind of error with which an answer did not come back; None where it came back, or where the kind is not known."""
    return next((kind for kind in KINDS if kind.fits(answer)), None) if answer.outcome == "raised" else None


def by_error(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
    """Name the first error where every failed check meets an error of a known kind; None where one failed otherwise."""
    kinds = [kind_of(one.answer) for one in seen]
    raised = [one.answer.outcome == "raised" for one in seen]
    if any(error and kind is None for error, kind in zip(raised, kinds, strict=True)):
        return None
    if not all(any(raised[part]) for part in failed):
        return None
    kind = next(filter(None, kinds), None)
    return NamedMistake(kind.name, kind.says, 0.0) if kind else None
