"""What the rights, the scopes and the tables of moves would be with one line less, one at a time."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_Changes = Iterator[tuple[str, ast.AST]]
ROOT = Path(__file__).resolve().parents[2]
# Whole files of rules; of the models only what decides which rows a reader gets.
_RULES = ("partnerships/permissions.py", "partnerships/lifecycle.py", "partnerships/models/access.py")
_SCOPES = {
    "visible_to",
    "open_with_their_paper_to",
    "_scopes_in",
    "in_regions",
    "subtree_ids",
    "active",
}
# What words a refusal, or makes SQL of a table for migrations that are long written, decides nothing.
_WORDING = {"ValidationError", "_", "ngettext", "pgettext_lazy"}
_MADE_ONCE = {"forbidden_moves_sql", "arrows_sql", "listed_sql"}
_NARROWING = {"filter", "exclude", "Q"}
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """One rule of one file left out: the line, and what is gone."""

    path: str
    line: int
    within: str
    gone: str
    _file: ast.Module
    _node: ast.AST
    _instead: ast.AST

    @property
    def tree(self) -> ast.Module:
        """The whole file as it then is."""
        return _with(self._file, self._node, self._instead)

    @property
    def name(self) -> str:
        """What it is called in the list of those that change nothing; a line's number would not last."""
        return f"{self.path} {self.within}: {self.gone}"

    @property
    def of_a_table(self) -> bool:
        """Whether it stands in a table, or in a function that makes one: those are read in once."""
        tables = [each for each in self._file.body if isinstance(each, ast.Assign)]
        named = [each.id for table in tables for each in ast.walk(table.value) if isinstance(each, ast.Name)]
        return self.within in named or any(self._is_in(each) for each in tables)

    @property
    def passed_on(self) -> set[tuple[str, int]]:
        """(path, line) of the statement that it stands in: on one of them passes whoever meets the rule."""
        around = [each for each in ast.walk(self._file) if isinstance(each, ast.stmt) and self._is_in(each)]
        nearest = around[-1]
        return {(self.path, line) for line in range(nearest.lineno, (nearest.end_lineno or 0) + 1)}

    def _is_in(self, statement: ast.stmt) -> bool:
        return any(each is self._node for each in ast.walk(statement))


def files() -> list[str]:
    """The files of which a line is taken away."""
    models = sorted((ROOT / "partnerships/models").glob("*.py"))
    scoped = [str(path.relative_to(ROOT)) for path in models if "def visible_to" in path.read_text()]
    return [*_RULES, *scoped]


def mutants_of(path: str) -> Iterator[Mutant]:
    """Every way in which a rule of the file can be left out."""
    file = ast.parse((ROOT / path).read_text())
    for within, place in _rules(file, whole=path in _RULES):
        for node in _deciding(place):
            for gone, instead in _instead_of(node):
                yield Mutant(path, getattr(node, "lineno", 0), within, gone, file, node, instead)


def _rules(tree: ast.Module, whole: bool) -> Iterator[tuple[str, ast.AST]]:
    """The functions and tables of the file that decide something, with their names."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and whole:
            yield ast.unparse(node.targets[0]), node.value
        elif isinstance(node, ast.FunctionDef) and whole and node.name not in _MADE_ONCE:
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and (whole or inner.name in _SCOPES):
                    yield f"{node.name}.{inner.name}", inner


def _deciding(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _WORDING:
        return
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.JoinedStr, ast.arguments)):
            yield from _deciding(child)


def _instead_of(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in a node's stead, with what is then gone."""
    for kind, changes in _CHANGES.items():
        if isinstance(node, kind):
            yield from changes(node)


def _of_a_branch(node: ast.If) -> _Changes:
    yield f"if {_short(node.test)}", _copied(node, test=ast.Constant(False))


def _of_a_choice(node: ast.IfExp) -> _Changes:
    yield f"if {_short(node.test)}", node.body
    yield f"{_short(node.body)} if", node.orelse


def _of_a_statement(node: ast.Raise | ast.AugAssign) -> _Changes:
    yield _short(node), ast.Pass()


def _of_an_answer(node: ast.Return) -> _Changes:
    if isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
        yield _short(node), _copied(node, value=ast.Constant(not node.value.value))


def _of_joined(node: ast.BoolOp) -> _Changes:
    for left_out in node.values:
        rest = [each for each in node.values if each is not left_out]
        joined = rest[0] if len(rest) == 1 else _copied(node, values=rest)
        yield f"{_short(left_out)} of {_short(node)}", joined


def _of_combined(node: ast.BinOp) -> _Changes:
    if isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.Sub)):
        yield f"{_short(node.right)} beside {_short(node.left)}", node.left
    if isinstance(node.op, (ast.BitOr, ast.BitAnd)):
        yield f"{_short(node.left)} beside {_short(node.right)}", node.right


def _of_a_negation(node: ast.UnaryOp) -> _Changes:
    if isinstance(node.op, (ast.Not, ast.Invert)):
        yield f"not of {_short(node.operand)}", node.operand


def _of_a_comparison(node: ast.Compare) -> _Changes:
    opposite = _OPPOSITE.get(type(node.ops[0]))
    if opposite and len(node.ops) == 1:
        yield f"{_short(node)} turned round", _copied(node, ops=[opposite()])


def _of_a_right(node: ast.Call) -> _Changes:
    if len(node.args) > 2 and ast.unparse(node.args[2]) != "Reach.ALL":
        everywhere = ast.parse("Reach.ALL", mode="eval").body
        yield f"reach of {_short(node)}", _copied(node, args=[*node.args[:2], everywhere, *node.args[3:]])
    if len(node.args) > 3:
        yield f"statuses of {_short(node)}", _copied(node, args=node.args[:3])


def _of_a_call(node: ast.Call) -> _Changes:
    called = ast.unparse(node.func).rpartition(".")[2]
    if called == "Right":
        yield from _of_a_right(node)
    if called not in _NARROWING:
        return
    parts = [*node.args, *node.keywords]
    if len(parts) == 1 and isinstance(node.func, ast.Attribute) and called != "Q":
        yield f"{called} of {_short(node)}", node.func.value
    for part in parts if len(parts) > 1 else ():
        without = _copied(
            node,
            args=[each for each in node.args if each is not part],
            keywords=[each for each in node.keywords if each is not part],
        )
        yield f"{_short(part)} of {_short(node)}", without


def _of_a_list(node: ast.Set | ast.Tuple | ast.List) -> _Changes:
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return
    for left_out in node.elts:
        rest = [each for each in node.elts if each is not left_out]
        empty = ast.parse("set()", mode="eval").body
        yield (
            f"{_short(left_out)} of {_short(node)}",
            _copied(node, elts=rest) if rest or not isinstance(node, ast.Set) else empty,
        )


def _of_a_loop(node: ast.GeneratorExp | ast.SetComp | ast.ListComp) -> _Changes:
    for place, each in enumerate(node.generators):
        for condition in each.ifs:
            without = _copied(each, ifs=[other for other in each.ifs if other is not condition])
            generators = [*node.generators[:place], without, *node.generators[place + 1 :]]
            yield f"if {_short(condition)}", _copied(node, generators=generators)


_CHANGES: dict[type | tuple[type, ...], Callable[..., _Changes]] = {
    ast.If: _of_a_branch,
    ast.IfExp: _of_a_choice,
    (ast.Raise, ast.AugAssign): _of_a_statement,
    ast.Return: _of_an_answer,
    ast.BoolOp: _of_joined,
    ast.BinOp: _of_combined,
    ast.UnaryOp: _of_a_negation,
    ast.Compare: _of_a_comparison,
    ast.Call: _of_a_call,
    (ast.Set, ast.Tuple, ast.List): _of_a_list,
    (ast.GeneratorExp, ast.SetComp, ast.ListComp): _of_a_loop,
}


def _copied(node: ast.AST, **changed: object) -> Any:
    found = copy.copy(node)
    for name, value in changed.items():
        setattr(found, name, value)
    return found


def _with(tree: ast.Module, node: ast.AST, changed: ast.AST) -> ast.Module:
    copies: dict[int, ast.AST] = {}
    whole = copy.deepcopy(tree, copies)
    replaced = copies[id(node)]

    class _Put(ast.NodeTransformer):
        def visit(self, each: ast.AST) -> ast.AST:
            return changed if each is replaced else self.generic_visit(each)

    return ast.fix_missing_locations(_Put().visit(whole))


def _short(node: ast.AST) -> str:
    said = " ".join(ast.unparse(node).split())
    return said if len(said) <= 110 else f"{said[:107]}..."
