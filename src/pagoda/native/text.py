"""LLVM text, one function at a time: blocks, fresh names, phis. Knows the shape of the text, not the meaning of the code.

What must hold: a block gets its terminator once, and nothing after it; a phi is written before any other line of its block,
whenever it was asked for.
"""

from __future__ import annotations


class Block:
    """A basic block being written. ``terminated`` once it has its last line."""

    __slots__ = ("label", "lines", "phis", "terminated")

    def __init__(self, label: str) -> None:
        self.label = label
        self.phis: list[str] = []
        self.lines: list[str] = []
        self.terminated = False


class FunctionText:
    """The text of one LLVM function.

    ``block`` is the block being written, or ``None`` where control cannot reach; emitting there is an error of the caller.
    """

    def __init__(self, header: str, entry: str = "entry") -> None:
        self.header = header
        self.blocks: list[Block] = []
        self.counter = 0
        self.block: Block | None = None
        self.enter(Block(entry))

    def fresh(self) -> str:
        self.counter += 1
        return f"%v{self.counter}"

    def new_block(self, hint: str = "b") -> Block:
        self.counter += 1
        return Block(f"{hint}{self.counter}")

    def enter(self, block: Block) -> Block:
        """Makes ``block`` the one being written and places it after those written so far."""
        self.blocks.append(block)
        self.block = block
        return block

    def emit(self, instruction: str) -> str:
        """Writes ``%new = instruction`` and returns the new name."""
        assert self.block is not None, "nothing is written where control does not come"
        self.counter += 1
        name = f"%v{self.counter}"
        self.block.lines.append(f"  {name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        """Writes an instruction without result."""
        assert self.block is not None, "nothing is written where control does not come"
        self.block.lines.append(f"  {instruction}")

    def finish(self, terminator: str) -> None:
        """Ends the current block; nothing is reachable until another is entered."""
        assert self.block is not None, "nothing is written where control does not come"
        self.block.lines.append(f"  {terminator}")
        self.block.terminated = True
        self.block = None

    def jump(self, target: Block) -> None:
        self.finish(f"br label %{target.label}")

    def branch(self, condition: str, yes: Block, no: Block, weights: str = "") -> None:
        self.finish(f"br i1 {condition}, label %{yes.label}, label %{no.label}{weights}")

    def phi(self, block: Block, kind: str, edges: list[tuple[str, Block]]) -> str:
        """Writes a phi at the head of ``block`` and returns its name."""
        name = self.fresh()
        sources = ", ".join(f"[ {text}, %{source.label} ]" for text, source in edges)
        block.phis.append(f"  {name} = phi {kind} {sources}")
        return name

    def render(self) -> str:
        parts = [self.header + " {"]
        for block in self.blocks:
            parts.append(f"{block.label}:")
            parts.extend(block.phis)
            parts.extend(block.lines)
        parts.append("}")
        return "\n".join(parts)
