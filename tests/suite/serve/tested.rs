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

/// Both ends know the cluster, with its shards. One reading lets maintenance complete with shards left on the node, and
/// the other does not.
#[test]
fn where_shards_are_is_judged_if_the_topology_is_told() {
    let topology =
        |name: &str| format!("--topology {}/fixtures/topologies/{name}", env!("CARGO_MANIFEST_DIR"));
    let server = format!("{} --seed 1 --rules R-MON-NOSPACE=COMPLETED-PARTIAL", topology("tight.json"));
    let run = |options: &str| {
        let program = Program::start(&server);
        let reset = format!("--reset-url {}/_control/reset", program.url);
        let options = options.replace("RESET", &reset);
        live::test(&program.url, &format!("{options} --clients 1 --ops 270"))
    };
    let tight = topology("tight.json");
    let partly = run(&format!("RESET {tight} --rules R-MON-NOSPACE=COMPLETED-PARTIAL")).end;
    assert_eq!(partly.code, 0, "{}{}", partly.stdout, partly.stderr);
    let never = run(&format!("RESET {tight} --rules R-MON-NOSPACE=FAILED")).end;
    assert_eq!(never.code, 1, "{}{}", never.stdout, never.stderr);
    assert!(never.stdout.contains("MON-19"), "{}", never.stdout);

    let other = run(&format!("RESET {}", topology("small.json"))).end;
    assert_eq!(other.code, 2);
    assert!(
        other.stderr.contains("expected the nodes 1, 2, 3; the server shows 1, 2, 3, 4"),
        "{}",
        other.stderr
    );
    let unset = run(&tight).end;
    assert_eq!(unset.code, 2);
    assert!(unset.stderr.contains("expected --reset-url or --reset-command as well"), "{}", unset.stderr);
}
