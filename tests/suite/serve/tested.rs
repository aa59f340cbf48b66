//! `action-oracle test` against `action-oracle serve`: two ends of one law.

use super::RULES;
use super::program::Program;
use crate::live;

#[test]
fn it_conforms_under_any_rules_and_clocks() {
    let clocks = ["--clock auto", "--clock real --pace 2", "--clock auto --faults abort,fail"];
    for (at, rules) in RULES.iter().enumerate() {
        let rules = if rules.is_empty() { String::new() } else { format!("--rules {rules}") };
        let program = Program::start(&format!("{} --seed {at} {rules}", clocks[at % clocks.len()]));
        // A status that expires is only for those who say so (R-STATUS-RETENTION).
        let told = if rules.contains("TTL") { rules.as_str() } else { "" };
        let options = format!(
            "{} {told} --reset-url {}/_control/reset --ops 240 --clients 8 --seed {at}",
            live::users(),
            program.url
        );
        let tested = live::test(&program.url, &options);
        assert_eq!(tested.end.code, 0, "{rules}: {}{}", tested.end.stdout, tested.end.stderr);
    }
}

#[test]
fn it_conforms_over_tls() {
    let program = Program::start("--tls");
    assert!(program.url.starts_with("https://"));
    let options = format!("--insecure --reset-url {}/_control/reset --ops 60", program.url);
    let tested = live::test(&program.url, &options);
    assert_eq!(tested.end.code, 0, "{}{}", tested.end.stdout, tested.end.stderr);
}
