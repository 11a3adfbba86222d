"""
Arithmetic that a model has written as Python, evaluated without running it: the text is parsed, and only the
nodes below are known. There are no attributes, no loops, no imports and no names but those assigned before.
"""

import ast
import math
import operator
from typing import Callable, Dict, Union

Number = Union[int, float]

MAX_CHARACTERS = 2000
MAX_NODES = 200
# Far beyond any answer, and small enough that no step takes long: 9**9**9 would fill the memory.
MAX_BITS = 1000
MAX_EXPONENT = 1000
RESULT = "answer"


class Refused(Exception):
    """The code is more than arithmetic, or its result is no number. The message is for whoever reads it."""


def evaluate(code: str) -> Number:
    """The value that the assignments of `code` give to `answer`."""
    names: Dict[str, Number] = {}
    for statement in parse(code).body:
        if not isinstance(statement, ast.Assign):
            raise Refused(f"{type(statement).__name__} is not allowed; only assignments are")
        if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
            raise Refused("an assignment must be to one name")
        names[statement.targets[0].id] = value(statement.value, names)
    if RESULT not in names:
        raise Refused(f"nothing is assigned to {RESULT}")
    return names[RESULT]


def parse(code: str) -> ast.Module:
    if len(code) > MAX_CHARACTERS:
        raise Refused(f"the code has {len(code)} characters; {MAX_CHARACTERS} are allowed")
    try:
        tree = ast.parse(code)
        nodes = sum(1 for _ in ast.walk(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(f"the code is not Python: {type(error).__name__}") from None
    if nodes > MAX_NODES:
        raise Refused(f"the code has {nodes} nodes; {MAX_NODES} are allowed")
    return tree


def value(node: ast.expr, names: Dict[str, Number]) -> Number:
    try:
        return checked(computed(node, names))
    except (ArithmeticError, ValueError) as error:
        raise Refused(f"{ast.unparse(node)[:80]}: {error}") from None


def computed(node: ast.expr, names: Dict[str, Number]) -> Number:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        if node.id not in names:
            raise Refused(f"nothing was assigned to {node.id[:40]}")
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and type(node.op) in UNARY:
        return UNARY[type(node.op)](value(node.operand, names))
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        return BINARY[type(node.op)](value(node.left, names), value(node.right, names))
    if isinstance(node, ast.Call):
        return called(node, names)
    raise Refused(f"{type(node).__name__} is not allowed; only arithmetic is")


def called(node: ast.Call, names: Dict[str, Number]) -> Number:
    name = node.func.id if isinstance(node.func, ast.Name) else None
    if name not in FUNCTIONS:
        raise Refused(f"only {', '.join(FUNCTIONS)} can be called")
    least, most = ARGUMENTS[name]
    if node.keywords or not least <= len(node.args) <= most:
        raise Refused(f"{name} takes {least} to {most} numbers")
    return FUNCTIONS[name](*(value(argument, names) for argument in node.args))


def checked(result: object) -> Number:
    # True is an int to Python, and a root of a negative number is complex.
    if type(result) is int and result.bit_length() <= MAX_BITS:
        return result
    if type(result) is float and math.isfinite(result):
        return result
    raise Refused("a value is no number, or too large")


def power(base: Number, exponent: Number) -> Number:
    bits = base.bit_length() if isinstance(base, int) else 1
    if abs(exponent) > MAX_EXPONENT or bits * abs(exponent) > 2 * MAX_BITS:
        raise Refused("a power is too large")
    return base**exponent


def rounded(number: Number, digits: Number = 0) -> Number:
    # round(1, -10**9) would count to a billion digits.
    if type(digits) is not int or abs(digits) > 12:
        raise Refused("round takes a number and from -12 to 12 digits")
    return round(number, digits)


UNARY: Dict[type, Callable] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
BINARY: Dict[type, Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: power,
}
FUNCTIONS: Dict[str, Callable] = {"abs": abs, "max": max, "min": min, "round": rounded}
ARGUMENTS = {"abs": (1, 1), "max": (2, 20), "min": (2, 20), "round": (1, 2)}
