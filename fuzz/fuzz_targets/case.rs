//! Any bytes as a case: they are read up to a line that is named. What was read and written once is written the same
//! from then on, and can be replayed. (A member that is named twice is not: the last one stands.)
//!
//! `cargo +nightly fuzz run case fuzz/corpus/case fixtures/cases`

#![no_main]

use action_oracle::case::{Case, read, write};
use action_oracle::model::step;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    let loaded = match read(bytes) {
        Ok(loaded) => loaded,
        Err(bad) => {
            assert!((1..=lines + 1).contains(&bad.line), "{bad}");
            return;
        }
    };
    if let Some(bad) = &loaded.broken {
        assert!((1..=lines + 1).contains(&bad.line), "{bad}");
    }
    let written = written(&loaded.case);
    let again = read(&written[..]).expect("it was just written");
    assert_eq!(again.broken, None);
    assert!(self::written(&again.case) == written);
    loaded.case.replay(step).for_each(drop);
});

fn written(case: &Case) -> Vec<u8> {
    let mut written = Vec::new();
    write(case, &mut written).expect("there is room");
    written
}
