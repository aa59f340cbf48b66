//! Any bytes as HTTP requests to the service: none makes it panic, and each has an answer.
//!
//! The first line of a request is `METHOD PATH`, the lines below it are headers as long as they hold a colon, what follows
//! is the body. A byte 1 ends it, and the next begins.
//!
//! `cargo +nightly fuzz run request`

#![no_main]

use action_oracle::serve::{Service, Setup};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let service = Service::new(Setup::default());
    for message in bytes.split(|byte| *byte == b'\x01').take(16) {
        let mut lines = message.splitn(2, |byte| *byte == b'\n');
        let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let (method, path) = first.split_once(' ').unwrap_or(("GET", &first));
        let mut request = http::Request::builder().method(method).uri(path);
        let mut rest = lines.next().unwrap_or_default();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
            request = request.header(&line[..colon], &line[colon + 1..]);
        }
        // What the HTTP library does not let through never arrives.
        let Ok(request) = request.body(()) else { continue };
        let (head, ()) = request.into_parts();
        if let Ok(answer) = service.answer(&head, rest) {
            let status = answer.status().as_u16();
            assert!(matches!(status, 200 | 400..=499 | 501 | 503), "{status}");
        }
    }
});
