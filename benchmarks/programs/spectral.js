// The largest eigenvalue of an endless matrix, by the power method: small calls and float arithmetic over arrays.
function element(row, column) {
    return 1.0 / (((row + column) * (row + column + 1)) / 2 + row + 1);
}

function times(v) {
    const result = [];
    for (let row = 0; row < v.length; row++) {
        let sumOfRow = 0.0;
        for (let column = 0; column < v.length; column++) {
            sumOfRow = sumOfRow + element(row, column) * v[column];
        }
        result.push(sumOfRow);
    }
    return result;
}

function timesTransposed(v) {
    const result = [];
    for (let row = 0; row < v.length; row++) {
        let sumOfRow = 0.0;
        for (let column = 0; column < v.length; column++) {
            sumOfRow = sumOfRow + element(column, row) * v[column];
        }
        result.push(sumOfRow);
    }
    return result;
}

function spectralNorm(n) {
    let u = [];
    for (let i = 0; i < n; i++) {
        u.push(1.0);
    }
    let v = [];
    for (let step = 0; step < 10; step++) {
        v = timesTransposed(times(u));
        u = timesTransposed(times(v));
    }
    let uv = 0.0;
    let vv = 0.0;
    for (let i = 0; i < n; i++) {
        uv = uv + u[i] * v[i];
        vv = vv + v[i] * v[i];
    }
    return Math.sqrt(uv / vv);
}

console.log(String(Math.floor(spectralNorm(Number(process.argv[2] ?? 350)) * 1000000000.0)));
