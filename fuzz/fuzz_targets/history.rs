//! Any bytes as a history: they are read, or the line that cannot be read is named. What was read and written once is
//! written the same from then on. (A member that is named twice is not: the last one stands.)
//!
//! `cargo +nightly fuzz run history fuzz/corpus/history fixtures/histories/accepted fixtures/histories/rejected`

#![no_main]

use action_oracle::history::{BadLine, Header, Reader, Record, Writer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    let (header, records, bad) = read(bytes);
    if let Some(bad) = &bad {
        assert!((1..=lines + 1).contains(&bad.line), "{bad}");
    }
    let Some(header) = header else { return };
    let written = write(&header, &records);
    let (header, records, bad) = read(&written);
    assert_eq!(bad, None);
    assert!(write(&header.expect("it was just written"), &records) == written);
});

fn write(header: &Header, records: &[Record]) -> Vec<u8> {
    let mut written = Vec::new();
    let mut writer = Writer::new(&mut written, header).expect("there is room");
    for record in records {
        writer.write(record).expect("there is room");
    }
    writer.finish().expect("there is room");
    written
}

fn read(bytes: &[u8]) -> (Option<Header>, Vec<Record>, Option<BadLine>) {
    let mut reader = match Reader::new(bytes) {
        Ok(reader) => reader,
        Err(bad) => return (None, Vec::new(), Some(bad)),
    };
    let (mut records, mut bad) = (Vec::new(), None);
    for record in &mut reader {
        match record {
            Ok(record) => records.push(record),
            Err(error) => {
                bad = Some(error);
                break;
            }
        }
    }
    (Some(reader.header().clone()), records, bad)
}
