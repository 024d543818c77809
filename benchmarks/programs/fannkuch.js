// Flipping pancakes: for each of the first permutations of ten numbers, how many prefixes are turned until a 0 lies on top.
function flipsOf(original) {
    const permutation = original.slice();
    let flips = 0;
    let first = permutation[0];
    while (first !== 0) {
        let low = 0;
        let high = first;
        while (low < high) {
            const held = permutation[low];
            permutation[low] = permutation[high];
            permutation[high] = held;
            low = low + 1;
            high = high - 1;
        }
        flips = flips + 1;
        first = permutation[0];
    }
    return flips;
}

function fannkuch(permutations) {
    const size = 10;
    const permutation = [];
    const counts = [];
    for (let i = 0; i < size; i++) {
        permutation.push(i);
        counts.push(i + 1);
    }
    let most = 0;
    let checksum = 0;
    for (let number = 0; number < permutations; number++) {
        const flips = flipsOf(permutation);
        if (flips > most) {
            most = flips;
        }
        if (number % 2 === 0) {
            checksum = checksum + flips;
        } else {
            checksum = checksum - flips;
        }

        // The next permutation: turn ever longer prefixes by one place, until one has not come round yet.
        let place = 1;
        let turning = true;
        while (turning && place < size) {
            const first = permutation[0];
            for (let i = 0; i < place; i++) {
                permutation[i] = permutation[i + 1];
            }
            permutation[place] = first;
            counts[place] = counts[place] - 1;
            if (counts[place] === 0) {
                counts[place] = place + 1;
                place = place + 1;
            } else {
                turning = false;
            }
        }
    }
    console.log(`${checksum} ${most}`);
}

fannkuch(Number(process.argv[2] ?? 150000));
