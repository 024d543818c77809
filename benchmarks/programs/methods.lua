-- Objects with methods that give new objects: a ball thrown about in a circle.
local Vector = {}
Vector.__index = Vector

local function new_vector(x, y)
    return setmetatable({x = x, y = y}, Vector)
end

function Vector:plus(other)
    return new_vector(self.x + other.x, self.y + other.y)
end

function Vector:times(factor)
    return new_vector(self.x * factor, self.y * factor)
end

function Vector:dot(other)
    return self.x * other.x + self.y * other.y
end

local Ball = {}
Ball.__index = Ball

local function new_ball(place, speed, bounces)
    return setmetatable({place = place, speed = speed, bounces = bounces}, Ball)
end

function Ball:moved(seconds)
    return new_ball(self.place:plus(self.speed:times(seconds)), self.speed, self.bounces)
end

function Ball:is_outside()
    return self.place:dot(self.place) > 1.0
end

function Ball:turned()
    local back = new_vector(0.0 - self.speed.y, self.speed.x)
    return new_ball(self.place:times(0.5), back, self.bounces + 1)
end

local function throw_about(steps)
    local ball = new_ball(new_vector(0.1, 0.2), new_vector(0.7, 0.3), 0)
    for step = 0, steps - 1 do
        ball = ball:moved(0.01)
        if ball:is_outside() then
            ball = ball:turned()
        end
        if step % 16 == 0 then
            ball.speed = ball.speed:times(1.0 - 0.0001 * ball.speed:dot(ball.speed))
        end
    end
    return ball
end

local ball = throw_about(tonumber(arg[1] or 500000))
print(string.format("%d %d %d", math.floor(ball.place.x * 1000000000.0), math.floor(ball.place.y * 1000000000.0), ball.bounces))
