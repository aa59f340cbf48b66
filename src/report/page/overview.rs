//! The whole run on a page: a strip that says where how much went on, and a window that its script draws.

use maud::{Markup, html};

use super::{Run, parts};

/// Units of the strip, each as many records wide as it takes.
const BUCKETS: u64 = 240;
const STEP: u64 = 4;
const HEIGHT: u64 = 44;

/// The whole run. `divergences` are the records of the answers that nothing explains.
pub(super) fn overview(run: &Run, divergences: &[u64]) -> Markup {
    let calls = run.calls.len() as u64;
    html! {
        p {
            (parts::count(calls, "call")) " of " (parts::count(run.lanes.len() as u64, "lane")) ", "
            (parts::count(run.records().into(), "record")) ". From left to right is the order of the records. The strip shows \
             how many calls began where; below it is the part of the run that you look at."
        }
        div id="run" class="run" {
            (strip(run, divergences))
            noscript { p class="remark" { "The window of the run needs the script of this page, which your browser does not run." } }
        }
    }
}

fn strip(run: &Run, divergences: &[u64]) -> Markup {
    let records = u64::from(run.records()).max(1);
    let bucket = |record: u64| (record.saturating_sub(1) * BUCKETS / records).min(BUCKETS - 1);
    let mut begun = vec![0_u64; BUCKETS as usize];
    for call in &run.calls {
        begun[bucket(call.begun.into()) as usize] += 1;
    }
    let most = begun.iter().copied().max().unwrap_or(0).max(1);
    let width = BUCKETS * STEP;
    let mut path = format!("M0 {HEIGHT}");
    for (at, count) in (0..).zip(&begun) {
        let top = HEIGHT - count * (HEIGHT - 14) / most;
        path += &format!("V{top}H{}", (at + 1) * STEP);
    }
    path += &format!("V{HEIGHT}Z");
    html! {
        svg class="strip" id="run-strip" viewBox={ "0 0 " (width) " " (HEIGHT) } preserveAspectRatio="none"
            role="img" aria-label={ "where the calls of the run began, in " (records) " records" } {
            path class="begun" d=(path) {}
            @for mark in &run.marks {
                @let x = bucket(mark.record.into()) * STEP + STEP / 2;
                line class=(if mark.is_fence { "fence" } else { "note" }) x1=(x) x2=(x) y1="8" y2=(HEIGHT) {}
            }
            @for record in divergences {
                @let x = bucket(*record) * STEP + STEP / 2;
                path class="fails" d={ "M" (x - 2) " 0h4v" (HEIGHT) "h-4z" } {}
            }
        }
    }
}
