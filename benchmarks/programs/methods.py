"""Objects with methods that give new objects: a ball thrown about in a circle."""

import math
import sys


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def plus(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def times(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y


class Ball:
    def __init__(self, place, speed, bounces):
        self.place = place
        self.speed = speed
        self.bounces = bounces

    def moved(self, seconds):
        return Ball(self.place.plus(self.speed.times(seconds)), self.speed, self.bounces)

    def is_outside(self):
        return self.place.dot(self.place) > 1.0

    def turned(self):
        back = Vector(0.0 - self.speed.y, self.speed.x)
        return Ball(self.place.times(0.5), back, self.bounces + 1)


def throw_about(steps):
    ball = Ball(Vector(0.1, 0.2), Vector(0.7, 0.3), 0)
    for step in range(steps):
        ball = ball.moved(0.01)
        if ball.is_outside():
            ball = ball.turned()
        if step % 16 == 0:
            ball.speed = ball.speed.times(1.0 - 0.0001 * ball.speed.dot(ball.speed))
    return ball


ball = throw_about(int(sys.argv[1]) if len(sys.argv) > 1 else 500000)
print(f"{math.floor(ball.place.x * 1000000000.0)} {math.floor(ball.place.y * 1000000000.0)} {ball.bounces}")
