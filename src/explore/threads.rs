//! Work on several threads whose number does not show in the result.

use std::sync::Mutex;
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

/// Works on each item in its place, given its number. Whoever is done takes the next one.
pub(super) fn each_mut<T: Send>(threads: usize, items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    let open = Mutex::new(items.iter_mut().enumerate());
    let work_on = || {
        loop {
            let next = open.lock().expect("a worker does not panic").next();
            let Some((number, item)) = next else { return };
            work(number, item);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work_on);
        }
        work_on();
    });
}
