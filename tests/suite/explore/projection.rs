//! A projection has the future of what it stands for: a run of the simulator and its projection go side by side.

use action_oracle::explore;
use action_oracle::http;
use action_oracle::model::{Act, Answer, Cluster, Input, Reply, Time, step};
use action_oracle::sim::{Options, Seed, Simulator};
use action_oracle::spec::Rules;

/// A reply without what is left out of projections: the numbers of tasks and the times.
fn told(reply: &Reply) -> String {
    match reply {
        Reply::Answer(Answer::Accepted(slot, _)) => format!("accepted {slot:?}"),
        Reply::Answer(Answer::Observed(_) | Answer::SnapshotDeleted(_)) => "shown".to_owned(),
        Reply::Answer(Answer::Action(view)) => {
            format!("{:?} {:?} {:?}", view.status, view.progress, view.error)
        }
        Reply::Answer(Answer::Actions(_, views)) => {
            let views = views.iter().map(|view| (view.slot, view.status, view.progress, view.error));
            format!("{:?}", views.collect::<Vec<_>>())
        }
        other => format!("{other:?}"),
    }
}

/// Whether an input names a snapshot by its time, which a projection does not have.
fn names_a_time(input: &Input) -> bool {
    matches!(&input.act, Act::Request(request) if request.path.as_str().contains("maintenance_mode"))
}

#[test]
fn a_projection_has_the_future_of_what_it_stands_for() {
    const NODES: u32 = 3;
    let rules = Rules::default();
    let options = Options { nodes: Some(NODES), ..Options::default() };
    let explored = explore::Options::new(Cluster::new(NODES), rules);
    let project = |cluster: &Cluster| explored.project(cluster);
    let mut simulator = Simulator::new(options);
    let mut changed = 0;
    for seed in 0..200 {
        let (_, case) = simulator.case(Seed(seed));
        let mut cluster: Cluster = case.cluster.clone();
        let mut projected = project(&cluster);
        for line in case.lines.iter().filter(|line| !names_a_time(&line.input)) {
            let input = &line.input;
            let later = Input { at: Time(3_600_000_000), act: input.act.clone() };
            let before = cluster.clone();
            let reply = step(&mut cluster, &rules, input);
            let mirrored = step(&mut projected, &rules, &later);
            assert_eq!(told(&reply), told(&mirrored), "seed {seed}: {input:?}");
            let code = |reply| http::encode(reply, &rules).map(|response| response.status);
            assert_eq!(code(&reply), code(&mirrored));
            assert_eq!(project(&cluster), project(&projected), "seed {seed}: {input:?}");
            projected = project(&projected);
            assert_eq!(project(&projected), projected, "seed {seed}: {input:?}");
            changed += u64::from(before != cluster);
        }
    }
    assert!(changed > 10_000, "{changed} steps changed the cluster");
}
