// Objects with methods that give new objects: a ball thrown about in a circle.
class Vector {
    constructor(x, y) {
        this.x = x;
        this.y = y;
    }

    plus(other) {
        return new Vector(this.x + other.x, this.y + other.y);
    }

    times(factor) {
        return new Vector(this.x * factor, this.y * factor);
    }

    dot(other) {
        return this.x * other.x + this.y * other.y;
    }
}

class Ball {
    constructor(place, speed, bounces) {
        this.place = place;
        this.speed = speed;
        this.bounces = bounces;
    }

    moved(seconds) {
        return new Ball(this.place.plus(this.speed.times(seconds)), this.speed, this.bounces);
    }

    isOutside() {
        return this.place.dot(this.place) > 1.0;
    }

    turned() {
        const back = new Vector(0.0 - this.speed.y, this.speed.x);
        return new Ball(this.place.times(0.5), back, this.bounces + 1);
    }
}

function throwAbout(steps) {
    let ball = new Ball(new Vector(0.1, 0.2), new Vector(0.7, 0.3), 0);
    for (let step = 0; step < steps; step++) {
        ball = ball.moved(0.01);
        if (ball.isOutside()) {
            ball = ball.turned();
        }
        if (step % 16 === 0) {
            ball.speed = ball.speed.times(1.0 - 0.0001 * ball.speed.dot(ball.speed));
        }
    }
    return ball;
}

const ball = throwAbout(Number(process.argv[2] ?? 500000));
console.log(`${Math.floor(ball.place.x * 1000000000.0)} ${Math.floor(ball.place.y * 1000000000.0)} ${ball.bounces}`);
