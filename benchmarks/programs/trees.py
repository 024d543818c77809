"""Making and walking many binary trees: objects that hold objects."""

import sys


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def grown(depth):
    if depth == 0:
        return Node(None, None)
    return Node(grown(depth - 1), grown(depth - 1))


def count(node):
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def grow_many(deepest):
    kept = grown(deepest)
    for depth in range(4, deepest + 1):
        trees = 1
        for _ in range(deepest - depth):
            trees = trees * 2
        nodes = 0
        for _ in range(trees):
            nodes = nodes + count(grown(depth))
        print(f"{trees} trees of depth {depth}: {nodes} nodes")
    print(f"kept: {count(kept)} nodes")


grow_many(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
