"""The syntax tree of Ruff: what the parser makes, the resolver annotates, and the walker and the compiler read.

Every node carries ``span``, a pair of character offsets ``(start, end)`` into the source text. The tree is plain data:
no node evaluates, prints or checks itself. Fields whose names end in ``_binding`` (or are called ``binding``) are filled by
:mod:`pagoda.languages.ruff.syntax.resolve`; until then they hold ``UNRESOLVED``.

Compound assignment is lowered by the parser (``a += 1`` becomes ``a = a + 1``, as the language defines it), and so is
``x |> f(a)`` (a ``Call`` with ``piped=True``). Nothing else is desugared.
"""

from __future__ import annotations

from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


class Binding(Record, frozen=True):
    """Where a name lives, as the resolver decided.

    ``kind``: ``"local"`` (``index`` is a slot of the function's frame), ``"capture"`` (``index`` is a cell of the closure),
    ``"global"`` (found by ``name`` when reached), ``"field"`` (a field of the receiver in a method without ``self``; falls back
    to the global of that name when the receiver has no such field), ``"self_function"`` (the closure that is running: a nested
    ``func name`` called by its own name inside its body) or ``"unresolved"``.
    ``mutability``: ``"mut"``, ``"let"`` or ``"const"``: how it was declared, where that is known.
    """

    kind: str
    name: str = ""
    index: int = -1
    mutability: str = "mut"


UNRESOLVED = Binding("unresolved")


class Node(Record):
    span: Span


# ---------------------------------------------------------------- expressions


class IntLiteral(Node):
    value: int


class FloatLiteral(Node):
    value: float


class StringLiteral(Node):
    value: str


class BoolLiteral(Node):
    value: bool


class NullLiteral(Node):
    pass


class Interpolation(Node):
    """``"a ${b} c"``: string literals and expressions in order."""

    parts: list[Expression]


class Name(Node):
    """A name or ``self``."""

    name: str
    binding: Binding = UNRESOLVED


class ArrayLiteral(Node):
    """Items in order; a ``Spread`` item contributes the items of an array."""

    items: list[Expression]


class DictLiteral(Node):
    """Entries in order; the key is ``None`` where the value is a spread dict."""

    entries: list[tuple[Expression | None, Expression]]


class Spread(Node):
    value: Expression


class StructLiteral(Node):
    name: str
    fields: list[tuple[str, Expression]]


class Unary(Node):
    """``operator`` is ``-`` or ``!``."""

    operator: str
    operand: Expression


class Binary(Node):
    """``operator`` is one of ``+ - * / % == != < <= > >=``. ``operator_span`` is the operator's own place."""

    operator: str
    left: Expression
    right: Expression
    operator_span: Span


class Logical(Node):
    """``operator`` is ``&&``, ``||`` (both give a bool) or ``??``."""

    operator: str
    left: Expression
    right: Expression


class Call(Node):
    """``callee(args)``. ``piped``: written ``args[0] |> callee(args[1:])``; the piped value is evaluated first either way."""

    callee: Expression
    args: list[Expression]
    piped: bool = False


class MethodCall(Node):
    receiver: Expression
    name: str
    args: list[Expression]
    name_span: Span


class FieldGet(Node):
    """``receiver.name``, or ``receiver?.name`` when ``optional``."""

    receiver: Expression
    name: str
    optional: bool
    name_span: Span


class IndexGet(Node):
    receiver: Expression
    index: Expression


class Try(Node):
    """``operand?``: unwraps Ok/Some, returns Err/None from the function."""

    operand: Expression


class EnumValue(Node):
    """``Enum::Tag`` or ``Enum::Tag(args)``; ``args`` is ``None`` where no parentheses were written."""

    enum: str
    tag: str
    args: list[Expression] | None


class ResultValue(Node):
    """``Ok(e)``, ``Err(e)``, ``Some(e)`` or ``None`` (then ``value`` is ``None``)."""

    tag: str
    value: Expression | None


class Throw(Node):
    value: Expression


class Yield(Node):
    value: Expression | None


class Await(Node):
    value: Expression


class Parameter(Node):
    name: str
    annotation: TypeAnnotation | None = None


class TypeAnnotation(Node):
    """``name`` is int, float, string, bool, Result or Option; the last two carry arguments."""

    name: str
    arguments: list[TypeAnnotation] = fresh(factory=list)


class Function(Node):
    """A function, lambda or method. Slots ``0 .. len(parameters)-1`` of its frame are the parameters; in a method without
    ``self`` (``is_method`` and not ``has_self``) slot 0 is the receiver and the parameters follow from slot 1.

    ``name`` is empty for a lambda. Filled by the resolver: ``frame_size`` (number of local slots), ``slot_names`` (one per
    slot), and ``captures``: for each cell of the closure, the binding *in the enclosing function* that is copied into it when
    the function expression is evaluated (for a method: when the struct statement is). It may be of any kind but global.
    """

    name: str
    parameters: list[Parameter]
    body: Block
    is_async: bool = False
    is_generator: bool = False
    return_annotation: TypeAnnotation | None = None
    has_self: bool = False
    is_method: bool = False
    frame_size: int = 0
    slot_names: list[str] = fresh(factory=list)
    captures: list[Binding] = fresh(factory=list)


Expression: TypeAlias = (
    IntLiteral | FloatLiteral | StringLiteral | BoolLiteral | NullLiteral | Interpolation | Name | ArrayLiteral | DictLiteral
    | Spread | StructLiteral | Unary | Binary | Logical | Call | MethodCall | FieldGet | IndexGet | Try | EnumValue
    | ResultValue | Throw | Yield | Await | Function
)  # fmt: skip


# ---------------------------------------------------------------- patterns


class NamePattern(Node):
    """Binds a name; ``_`` binds nothing."""

    name: str
    binding: Binding = UNRESOLVED


class ArrayPattern(Node):
    items: list[Pattern]
    rest: NamePattern | None


class DictPattern(Node):
    """``{a, b, ...rest}``: each name takes the value of the key of the same name."""

    names: list[NamePattern]
    rest: NamePattern | None


Pattern: TypeAlias = NamePattern | ArrayPattern | DictPattern


class CasePattern(Node):
    """``Enum::Tag(x)`` (``enum`` may be empty), or a bare identifier. ``payload`` is the pattern's bound name, if any.

    The first payload value binds to ``payload``; further ones to ``x_1``, ``x_2`` and so on. ``payload_bindings`` holds the
    names that the case's body uses, with their payload index: ``[(0, binding), (1, binding_of_x_1)]``.
    """

    enum: str
    tag: str
    payload: str | None
    payload_bindings: list[tuple[int, Binding]] = fresh(factory=list)


# ---------------------------------------------------------------- statements


class Block(Node):
    """Statements in a lexical scope of their own."""

    statements: list[Statement]


class ExpressionStatement(Node):
    value: Expression


class Declaration(Node):
    """``let``, ``mut`` or ``const`` (in ``keyword``) with a pattern; a destructuring without keyword has ``keyword=""``
    and declares immutable bindings. ``error``, where the resolver set it, is the message to raise once the value is known."""

    keyword: str
    pattern: Pattern
    value: Expression
    annotation: TypeAnnotation | None = None
    error: str | None = None


class AssignName(Node):
    """``name := value``: assigns the nearest visible binding or, where there is none, declares a mutable local
    (then ``declares``). ``error``, where the resolver set it, is the message to raise once the value is known."""

    name: str
    value: Expression
    name_span: Span
    binding: Binding = UNRESOLVED
    declares: bool = False
    error: str | None = None


class AssignPlace(Node):
    """``base.f[i].g := value``. ``target`` is a ``FieldGet`` or ``IndexGet`` whose innermost receiver is a ``Name``
    (which may be ``self``). ``error``, where the resolver set it, is the message to raise once the value is known."""

    target: FieldGet | IndexGet
    value: Expression
    error: str | None = None


class FunctionStatement(Node):
    """``func name(...) {...}``. Top-level ones are hoisted. ``error``, where the resolver set it, is the message to raise
    when the statement is reached; the function then stays undeclared."""

    function: Function
    binding: Binding = UNRESOLVED
    error: str | None = None


class EnumStatement(Node):
    name: str
    tags: list[str]


class StructStatement(Node):
    name: str
    fields: list[tuple[str, TypeAnnotation | None]]
    methods: list[Function]


class Import(Node):
    """``import m`` (``names`` is ``None``) or ``from a.b import x, y``."""

    module: list[str]
    names: list[str] | None


class Export(Node):
    statement: Statement


class Return(Node):
    value: Expression | None


class Break(Node):
    pass


class Continue(Node):
    pass


class If(Node):
    condition: Expression
    then: Block
    otherwise: Block | If | None


class While(Node):
    """``while c {}``, ``loop while c {}``, and ``loop {}`` (``condition`` is ``None``)."""

    condition: Expression | None
    body: Block


class For(Node):
    name: NamePattern
    iterable: Expression
    body: Block


class Match(Node):
    subject: Expression
    cases: list[tuple[CasePattern, Block]]
    default: Block | None


class TryExcept(Node):
    body: Block
    name: NamePattern
    handler: Block


class Spawn(Node):
    """``spawn {...}``: ``function`` is the block as a function without parameters."""

    function: Function


class Test(Node):
    """``kind`` is test, test_group, test_setup or test_teardown; ``title`` is empty for the last two."""

    kind: str
    title: str
    function: Function
    members: list[Statement] = fresh(factory=list)


Statement: TypeAlias = (
    ExpressionStatement | Declaration | AssignName | AssignPlace | FunctionStatement | EnumStatement | StructStatement | Import
    | Export | Return | Break | Continue | If | While | For | Match | TryExcept | Spawn | Test | Block
)  # fmt: skip


class Program(Node):
    """A source file. ``main`` is the top level as a function without parameters (filled by the resolver: its frame holds
    the top-level variables that no function refers to; all others are globals). ``globals`` lists, in order of first
    appearance, the names that top-level statements define, with their mutability."""

    main: Function
    globals: dict[str, str] = fresh(factory=dict)
