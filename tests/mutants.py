"""Small changes of the code, of which tests/mutation_check.py draws a sample."""

import random
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Keyword
from parso.tree import NodeOrLeaf

ROOT = Path(__file__).resolve().parent.parent
# Operators that need arguments, and those that mostly change nothing that can be seen.
LEFT_OUT = ("VariableReplacer", "VariableInserter", "_Eq_Is", "_NotEq_IsNot")
LEFT_OUT += ("_Is_Eq", "_IsNot_NotEq")
# One change of each arithmetic operator: most others are no more than a TypeError.
ARITHMETIC = ("Add_Sub", "Sub_Add", "Mul_FloorDiv", "Div_Mul", "FloorDiv_Mul")
ARITHMETIC += ("Mod_Mul", "BitOr_BitAnd", "BitAnd_BitOr")
CONDITIONS = ("where", "and_", "or_")


class RemoveCall(Operator):
    """Leaves out a call whose value nobody uses."""

    def mutation_positions(self, node):
        if node.type == "atom_expr" and node.parent.type == "simple_stmt":
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        return Keyword("pass", node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls):
        return ()


class RemoveArgument(Operator):
    """Leaves out a condition of a query, or an argument with a keyword."""

    def mutation_positions(self, node):
        return [(each.start_pos, each.end_pos) for each in removable(node)]

    def mutate(self, node, index):
        removed = removable(node)[index]
        siblings = removed.parent.children
        at = next(at for at, each in enumerate(siblings) if each is removed)
        has_comma = at + 1 < len(siblings) and siblings[at + 1] == ","
        del siblings[at : at + 1 + has_comma]
        return node

    @classmethod
    def examples(cls):
        return ()


def removable(node: NodeOrLeaf) -> list[NodeOrLeaf]:
    """Return the arguments without which a call may be valid still."""
    if node.type != "trailer" or node.children[0] != "(":
        return []
    inner = node.children[1:-1]
    inner = inner[0].children if inner and inner[0].type == "arglist" else inner
    is_condition = node.get_previous_leaf().value in CONDITIONS
    return [
        each
        for each in inner
        if (each.type == "argument" and each.children[1] == "=")
        or (is_condition and each != ",")
    ]


def is_wanted(name: str) -> bool:
    """Say whether an operator of Cosmic Ray makes changes worth a run of tests."""
    is_arithmetic = "BinaryOperator" in name
    return not name.endswith(LEFT_OUT) and (
        not is_arithmetic or name.endswith(ARITHMETIC)
    )


OPERATORS: dict[str, Operator] = {
    "RemoveCall": RemoveCall(),
    "RemoveArgument": RemoveArgument(),
} | {name: get_operator(name)() for name in operator_names() if is_wanted(name)}


@dataclass(frozen=True)
class Mutant:
    """One change, found by its operator and how many of its places come before."""

    path: str
    line: int
    operator: str
    occurrence: int

    @property
    def package(self) -> str:
        """The package of the module, within ours."""
        return Path(self.path).parts[1]

    def code(self) -> str:
        """Return the source of the module with the change."""
        source = (ROOT / self.path).read_text(encoding="utf-8")
        return mutate_code(source, OPERATORS[self.operator], self.occurrence)

    def is_python(self) -> bool:
        """Say whether the change leaves a module that compiles without a warning."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                compile(self.code(), self.path, "exec")
            except SyntaxError:
                return False
        return True


def is_of_a_type(node: NodeOrLeaf) -> bool:
    """Say whether a node belongs to an annotation, which runs no code."""
    while parent := node.parent:
        if parent.type == "funcdef" and node is parent.annotation:
            return True
        if parent.type == "tfpdef" and node is parent.children[2]:
            return True
        if parent.type == "annassign" and node is parent.children[1]:
            return True
        node = parent
    return False


def mutants_of(path: Path) -> list[list[Mutant]]:
    """Return the mutants of a module, those of each line together."""
    found: dict[int, list[Mutant]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for node in ast_nodes(get_ast(path.read_text(encoding="utf-8"))):
        for name, operator in OPERATORS.items():
            for start, _ in operator.mutation_positions(node):
                if not is_of_a_type(node):
                    relative = path.relative_to(ROOT).as_posix()
                    mutant = Mutant(relative, start[0], name, seen[name])
                    found[start[0]].append(mutant)
                seen[name] += 1
    return [found[line] for line in sorted(found)]


def sample(packages: tuple[str, ...], count: int, seed: int) -> list[Mutant]:
    """Draw mutants, one a line at most, as many of a package as it has lines."""
    chance, drawn = random.Random(seed), []
    folders = [ROOT / "netpresenter_next" / each for each in packages]
    modules = [sorted(folder.rglob("*.py")) for folder in folders]
    lines = [
        sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
        for paths in modules
    ]
    for paths, size in zip(modules, lines, strict=True):
        places = [place for path in paths for place in mutants_of(path)]
        chance.shuffle(places)
        valid = filter(Mutant.is_python, map(chance.choice, places))
        wanted = round(count * size / sum(lines))
        drawn += [mutant for mutant, _ in zip(valid, range(wanted), strict=False)]
    return drawn
