"""A function's control flow as the optimiser walks it: leaders in reverse postorder, loop headers, what is live before each
instruction.

Exceptional flow is flow: an instruction in a guarded range may go to its handler. ``start``: the instruction that compiled code
begins at, where that is not the first.
"""

from __future__ import annotations

from collections.abc import Iterator

from pagoda.machine import verbs
from pagoda.machine.flow import Flow
from pagoda.machine.function import Function
from pagoda.machine.ops import names_verb


class FlowGraph:
    """``order``: leaders to compile, in order; ``joins``: leaders with several predecessors; ``headers``: leaders that a
    later one jumps back to, and ``backs`` which do."""

    def __init__(self, function: Function, header_slots: int, start: int = 0) -> None:
        self.start = start
        flow = self.flow = Flow(function, header_slots)
        size = len(function.instructions)
        after = flow.liveness()
        self.before = [0] * (size + 1)
        for index in range(size):
            effect = flow.effects[index]
            caught = 0
            for target, register in flow.handlers[index][:1]:
                caught |= self._into(flow, after, target) & ~(1 << register)
            self.before[index] = self._into(flow, after, index) | caught | effect.modified
        reached = self._reach(size)
        sources: dict[int, int] = {start: 1}
        for index in reached:
            for successor in (*flow.successors[index], *self.caught(index)):
                sources[successor] = sources.get(successor, 0) + 1
        leaders = {start}
        for index in reached:
            following = flow.successors[index]
            leaders.update(s for s in following if s != index + 1 or sources[s] > 1 or len(following) > 1)
            leaders.update(self.caught(index))
        self.leaders = leaders
        self.joins = {leader for leader in leaders if sources.get(leader, 0) > 1}
        self.order = self._order()
        place = {leader: position for position, leader in enumerate(self.order)}
        self.backs: dict[int, set[int]] = {}
        for leader in self.order:
            for successor in self._following(leader):
                if place[successor] <= place[leader]:
                    self.backs.setdefault(successor, set()).add(leader)
        self.headers = set(self.backs)
        self.innermost = self._innermost() if start == 0 else self._innermost_of(FlowGraph(function, header_slots))

    def _innermost(self) -> dict[int, frozenset[int]]:
        """The leaders of each loop that has no other loop in it, by its header."""
        before: dict[int, list[int]] = {leader: [] for leader in self.order}
        for leader in self.order:
            for successor in self._following(leader):
                before[successor].append(leader)
        found = {}
        for header, backs in self.backs.items():
            inside, work = {header}, list(backs)
            while work:
                leader = work.pop()
                if leader not in inside:
                    inside.add(leader)
                    work.extend(before[leader])
            if self.headers & inside == {header}:
                found[header] = frozenset(inside)
        return found

    def _innermost_of(self, whole: FlowGraph) -> dict[int, frozenset[int]]:
        """The same loops as in the whole function: where code begins in one, those around it have the same header."""
        found = {}
        for header, leaders in whole.innermost.items():
            inside = {index for leader in leaders for index in whole.run(leader)}
            if header in self.headers and (self.start not in inside or self.start == header):
                found[header] = frozenset(leader for leader in self.order if leader in inside)
        return found

    def run(self, leader: int) -> Iterator[int]:
        """The instructions from a leader up to the next."""
        index = leader
        while True:
            yield index
            successors = self.flow.successors[index]
            if len(successors) != 1 or successors[0] in self.leaders:
                return
            index = successors[0]

    @staticmethod
    def _into(flow: Flow, after: list[int], index: int) -> int:
        effect = flow.effects[index]
        used = effect.reads | effect.takes | effect.consumes | effect.modified
        return used | (after[index] & ~(effect.writes | effect.clobbers))

    def handler(self, index: int) -> tuple[int, int] | None:
        """The innermost handler of an instruction: where it goes, and the register that gets the error."""
        return self.flow.handlers[index][0] if self.flow.handlers[index] else None

    def caught(self, index: int) -> tuple[int, ...]:
        """Where an instruction goes if it fails: to its handler, if it has one."""
        return tuple(target for target, _ in self.flow.handlers[index][:1])

    def _reach(self, size: int) -> set[int]:
        reached: set[int] = set()
        work = [self.start] if size else []
        while work:
            index = work.pop()
            if index not in reached:
                reached.add(index)
                work.extend((*self.flow.successors[index], *self.caught(index)))
        return reached

    def _order(self) -> list[int]:
        """Leaders in reverse postorder; of two successors the fall-through comes later, so that it lies nearer."""
        finished: list[int] = []
        seen = {self.start}
        stack: list[tuple[int, list[int]]] = [(self.start, self._following(self.start))]
        while stack:
            leader, rest = stack[-1]
            if rest:
                following = rest.pop()
                if following not in seen:
                    seen.add(following)
                    stack.append((following, self._following(following)))
            else:
                finished.append(leader)
                stack.pop()
        return finished[::-1]

    def _following(self, leader: int) -> list[int]:
        """The leaders that control may reach next, handlers first: they are seldom reached, and lie far off."""
        index = leader
        caught: dict[int, None] = {}
        while True:
            caught.update(dict.fromkeys(self.caught(index)))
            successors = self.flow.successors[index]
            if len(successors) == 1 and successors[0] not in self.leaders:
                index = successors[0]
                continue
            return [*caught, *(s for s in successors if s in self.leaders)]


def resume_points(function: Function) -> list[int]:
    """The instructions at which a suspended frame may go on: behind those that suspend, and behind one that may leave the frame
    to somebody who keeps it, though control can go on after it."""
    found = []
    for index, instruction in enumerate(function.instructions[:-1]):
        op = instruction.op
        if names_verb(op.function, verbs.suspend) or (not op.ends and names_verb(op.function, verbs.leave)):
            found.append(index + 1)
    return found
