// Float arithmetic in nested loops: how many points of a grid stay bounded for fifty steps.
function pointsInside(size) {
    let inside = 0;
    let row = 0;
    while (row < size) {
        const ci = (2.0 * row) / size - 1.0;
        let column = 0;
        while (column < size) {
            const cr = (2.0 * column) / size - 1.5;
            let zr = 0.0;
            let zi = 0.0;
            let steps = 0;
            while (steps < 50 && zr * zr + zi * zi <= 4.0) {
                const following = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = following;
                steps = steps + 1;
            }
            if (steps === 50) {
                inside = inside + 1;
            }
            column = column + 1;
        }
        row = row + 1;
    }
    return inside;
}

console.log(String(pointsInside(Number(process.argv[2] ?? 700))));
