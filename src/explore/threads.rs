//! Work on several threads whose number does not show in the result.

use std::thread;

/// Works on each item and gives the results in the order of the items.
pub(super) fn each<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if threads < 2 || items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let share = items.len().div_ceil(threads);
    let work = &work;
    thread::scope(|scope| {
        let spawn = |part| scope.spawn(move || <[T]>::iter(part).map(work).collect::<Vec<R>>());
        let handles: Vec<_> = items.chunks(share).map(spawn).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("a worker does not panic")).collect()
    })
}

/// Works on each item in its place, given its number.
pub(super) fn each_mut<T: Send>(threads: usize, items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    let share = items.len().div_ceil(threads.max(1)).max(1);
    let work_on = |first: usize, part: &mut [T]| {
        for (number, item) in part.iter_mut().enumerate() {
            work(first + number, item);
        }
    };
    if threads < 2 {
        return work_on(0, items);
    }
    thread::scope(|scope| {
        let work_on = &work_on;
        for (number, part) in items.chunks_mut(share).enumerate() {
            scope.spawn(move || work_on(number * share, part));
        }
    });
}
