"""The compiled code that is in memory: who enters it, how much it is, and when its memory may be another's.

A group is *entered* while some candidate has its code there, and *retired* after. What must hold: a retired group is entered by
nobody new; its memory goes only when the program says of every frame that there is that it is none of the group's functions.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set

    from pagoda.machine.promotion.installing import Loaded
    from pagoda.machine.promotion.states import Candidate


class Shelf:
    """``most``: bytes of code that are entered; as many again may be retired."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.entered: dict[Loaded, set[Candidate]] = {}  # the group that was installed longest ago comes first
        self.groups: dict[Candidate, Loaded] = {}
        self.retired: list[Loaded] = []

    @property
    def size(self) -> int:
        """Bytes of the groups that are entered."""
        return sum(group.size for group in self.entered)

    def has_room(self, size: int) -> bool:
        """Whether so many bytes more would do."""
        return self.size + size <= self.most

    def can_retire(self) -> bool:
        """Whether there is room for more code that only waits to be freed."""
        return sum(group.size for group in self.retired) < self.most

    def enter(self, candidate: Candidate, group: Loaded) -> list[Loaded]:
        """The candidate has its code in a group from now on; gives those that are retired by that."""
        left = self.leave(candidate)
        self.entered.setdefault(group, set()).add(candidate)
        self.groups[candidate] = group
        return left

    def leave(self, candidate: Candidate) -> list[Loaded]:
        """The candidate has no code any more; gives the groups that are retired by that."""
        group = self.groups.pop(candidate, None)
        if group is None:
            return []
        users = self.entered[group]
        users.discard(candidate)
        if users:
            return []
        del self.entered[group]
        self.retired.append(group)
        return [group]

    def oldest(self) -> list[Candidate]:
        """Those that enter the group that was installed longest ago. Code that is hot comes back, as the youngest."""
        for users in self.entered.values():
            return list(users)
        return []

    def free(self, running: Set[int]) -> None:
        """Gives back the memory of retired groups. ``running``: the codes of all functions that have a frame."""
        kept = []
        for group in self.retired:
            if any(linked.address in running for linked in group.members):
                kept.append(group)
            else:
                group.unmap()
        self.retired = kept

    def close(self) -> None:
        """The program is over: all memory is given back."""
        for group in [*self.entered, *self.retired]:
            group.unmap()
        self.entered, self.groups, self.retired = {}, {}, []
