//! How far the machine itself goes: a hand-written automaton of the lifecycle, four bits a slot, and nothing else.
//!
//! It is `enslave_node` on some nodes under the default rules, and reaches the same states by the same transitions.

/// Absent, queued, starting, starting with a noted cancellation, running, running with one, cancelling, cancelled,
/// aborted, completed, failed in two ways. For each: where requests and events lead that change it.
const MOVES: [&[u8]; 12] = [
    &[1],
    &[7, 2],
    &[3, 4, 8],
    &[5, 8],
    &[6, 9, 10, 11, 8],
    &[6, 6, 8],
    &[7],
    &[1, 0],
    &[1, 0],
    &[1, 0],
    &[1, 0],
    &[1, 0],
];

/// How many transitions start in each, with those that change nothing.
const ALL: [u64; 12] = [3, 4, 5, 5, 7, 5, 4, 3, 3, 3, 3, 3];

/// States and transitions of so many slots, with the parent of each state; it may stop after so many states.
pub(crate) fn explore(slots: u32, most: usize) -> (u64, u64) {
    let mut places = vec![u64::MAX; 1 << 10];
    let (mut states, mut parents) = (vec![0_u64], vec![0_u32]);
    let (mut transitions, mut at) = (0, 0);
    let first = place(&places, 0);
    places[first] = 0;
    while at < states.len() && states.len() < most {
        let state = states[at];
        for slot in 0..slots {
            let held = (state >> (4 * slot) & 15) as usize;
            transitions += ALL[held];
            for next in MOVES[held] {
                let next = state & !(15 << (4 * slot)) | u64::from(*next) << (4 * slot);
                let free = place(&places, next);
                if places[free] == u64::MAX {
                    places[free] = next;
                    states.push(next);
                    parents.push(at as u32);
                }
            }
        }
        at += 1;
        if states.len() * 2 > places.len() {
            places = vec![u64::MAX; places.len() * 2];
            for state in &states {
                let free = place(&places, *state);
                places[free] = *state;
            }
        }
    }
    assert_eq!(parents.len(), states.len());
    (states.len() as u64, transitions)
}

fn place(places: &[u64], state: u64) -> usize {
    let mask = places.len() - 1;
    let mut at = (state.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
    while places[at] != u64::MAX && places[at] != state {
        at = (at + 1) & mask;
    }
    at
}
