// Five bodies under gravity, positions and speeds in flat arrays: float arithmetic with array reads and writes.
function simulate(steps) {
    const x = [0.0, 4.84143144246472, 8.34336671824458, 12.8943695621391, 15.379697114851];
    const y = [0.0, -1.16032004402743, 4.1247985641243, -15.1111514016986, -25.919314609988];
    const z = [0.0, -0.103622044471123, -0.403523417114321, -0.223307578892656, 0.179258772950371];
    const vx = [0.0, 0.606326392995832, -1.01077434617879, 1.08279100644154, 0.979090732243898];
    const vy = [0.0, 2.81198684491626, 1.82566237123041, 0.868713018169608, 0.594698998647676];
    const vz = [0.0, -0.0252183616598876, 0.0084157613765841, -0.0108326374013636, -0.034755955550478];
    const mass = [39.4784176043574, 0.0376936749070961, 0.0112863261319688, 0.0017237240570597, 0.0020336868699246];
    const dt = 0.01;

    // The sun moves so that the whole stays where it is.
    let px = 0.0;
    let py = 0.0;
    let pz = 0.0;
    let i = 0;
    while (i < 5) {
        px = px + vx[i] * mass[i];
        py = py + vy[i] * mass[i];
        pz = pz + vz[i] * mass[i];
        i = i + 1;
    }
    vx[0] = 0.0 - px / mass[0];
    vy[0] = 0.0 - py / mass[0];
    vz[0] = 0.0 - pz / mass[0];

    let step = 0;
    while (step < steps) {
        i = 0;
        while (i < 5) {
            let j = i + 1;
            while (j < 5) {
                const dx = x[i] - x[j];
                const dy = y[i] - y[j];
                const dz = z[i] - z[j];
                const squared = dx * dx + dy * dy + dz * dz;
                const pull = dt / (squared * Math.sqrt(squared));
                const mi = mass[i] * pull;
                const mj = mass[j] * pull;
                vx[i] = vx[i] - dx * mj;
                vy[i] = vy[i] - dy * mj;
                vz[i] = vz[i] - dz * mj;
                vx[j] = vx[j] + dx * mi;
                vy[j] = vy[j] + dy * mi;
                vz[j] = vz[j] + dz * mi;
                j = j + 1;
            }
            i = i + 1;
        }
        i = 0;
        while (i < 5) {
            x[i] = x[i] + dt * vx[i];
            y[i] = y[i] + dt * vy[i];
            z[i] = z[i] + dt * vz[i];
            i = i + 1;
        }
        step = step + 1;
    }

    let energy = 0.0;
    i = 0;
    while (i < 5) {
        energy = energy + 0.5 * mass[i] * (vx[i] * vx[i] + vy[i] * vy[i] + vz[i] * vz[i]);
        let j = i + 1;
        while (j < 5) {
            const dx = x[i] - x[j];
            const dy = y[i] - y[j];
            const dz = z[i] - z[j];
            energy = energy - mass[i] * mass[j] / Math.sqrt(dx * dx + dy * dy + dz * dz);
            j = j + 1;
        }
        i = i + 1;
    }
    return energy;
}

console.log(String(Math.floor(simulate(Number(process.argv[2] ?? 200000)) * 1000000000.0)));
