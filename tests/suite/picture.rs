//! Pictures: the main walks as a reader sees them, and what stands out.

use action_oracle::model::*;
use action_oracle::report::picture::{Picture, picture};
use action_oracle::script::{parse_script, print};
use action_oracle::spec::Rules;
use insta::assert_snapshot;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::strategy;
use crate::topology::named;

/// As wide as a page.
const WIDTH: usize = 100;

/// Node 2 of the small topology goes into maintenance.
const ON: &str = "
    POST /v1/nodes/2/actions/maintenance_on {}
    start node 2 maintenance_on
    run node 2 maintenance_on
    advance node 2 maintenance_on
    advance node 2 maintenance_on
    move_shard node 2 maintenance_on 2 2 3
    move_shard node 2 maintenance_on 3 2 3
    move_endpoint node 2 maintenance_on 1 2 1
    complete node 2 maintenance_on
";

/// Where a script leads from the small topology. Everything in it happens.
#[track_caller]
fn after(script: &str) -> Cluster {
    let mut cluster = named("small");
    walk_from(&mut cluster, script);
    cluster
}

/// The inputs of a script, and below each the picture, if it changed.
#[track_caller]
fn walk_from(cluster: &mut Cluster, script: &str) -> String {
    let rules = Rules::default();
    let mut text = String::new();
    for input in parse_script(script).expect("it is a script") {
        let before = cluster.clone();
        let reply = step(cluster, &rules, &input);
        assert!(matches!(reply, Reply::Happened | Reply::Answer(_)), "{}: {reply:?}", print(&input.act));
        let picture = picture(Some(&before), cluster, WIDTH);
        text += &format!("> {}\n", print(&input.act));
        if picture.is_changed() {
            text += &format!("\n{picture}\n");
        }
    }
    text
}

/// A walk is in a file of its own, for whoever wants to read it.
#[track_caller]
fn shows(name: &str, walk: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/pictures");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, walk));
}

#[test]
fn the_small_topology() {
    assert_snapshot!(picture(None, &named("small"), WIDTH), @"
                node 1 ★   node 2    node 3
    state       up         up        up
    holds       3 of 4     2 of 4    2 of 4
    endpoints   -          1         2
    shards      M1.1 #1    R1.1 #2   M2.2 #6
                R1.2 #4    M1.2 #3   M2.3 #7
                M2.1 #5
    databases   1: replicated, endpoints single
                2: not replicated, endpoints single
    ");
}

#[test]
fn maintenance_on_empties_the_node() {
    shows("maintenance_on", &walk_from(&mut named("small"), ON));
}

#[test]
fn maintenance_off_brings_everything_back() {
    let walk = walk_from(
        &mut after(ON),
        "
        POST /v1/nodes/2/actions/maintenance_off {}
        start node 2 maintenance_off
        run node 2 maintenance_off
        advance node 2 maintenance_off
        advance node 2 maintenance_off
        move_shard node 2 maintenance_off 2 3 2
        move_shard node 2 maintenance_off 3 3 2
        move_endpoint node 2 maintenance_off 1 1 2
        complete node 2 maintenance_off
        ",
    );
    shows("maintenance_off", &walk);
}

#[test]
fn maintenance_on_without_eviction_hands_the_masters_over() {
    let walk = walk_from(
        &mut named("small"),
        r#"
        POST /v1/nodes/2/actions/maintenance_on {"evict_ha_replica":false,"evict_active_active_replica":false}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        fail_over node 2 maintenance_on 4 2 1
        move_endpoint node 2 maintenance_on 1 2 3
        complete node 2 maintenance_on
        "#,
    );
    shows("maintenance_on_without_eviction", &walk);
}

#[test]
fn a_removal_that_waits_for_persistence() {
    let walk = walk_from(
        &mut named("small"),
        r#"
        POST /v1/nodes/2/actions/remove {"wait_for_persistence":true}
        start node 2 remove
        run node 2 remove
        move_shard node 2 remove 2 2 3
        move_shard node 2 remove 3 2 3
        move_endpoint node 2 remove 1 2 1
        persist node 2 remove 2 3
        persist node 2 remove 3 3
        complete node 2 remove
        "#,
    );
    shows("remove_waits_for_persistence", &walk);
}

#[test]
fn maintenance_on_fails_for_lack_of_space() {
    let walk = walk_from(
        &mut named("small"),
        "
        migrate 5 1 3
        POST /v1/nodes/2/actions/maintenance_on {}
        start node 2 maintenance_on
        run node 2 maintenance_on
        advance node 2 maintenance_on
        advance node 2 maintenance_on
        move_shard node 2 maintenance_on 2 2 3
        fail node 2 maintenance_on insufficient_resources
        ",
    );
    shows("maintenance_on_without_space", &walk);
}

#[test]
fn losing_the_primary_and_a_database() {
    let walk = walk_from(
        &mut after(r#"create_snapshot 2 "mine""#),
        "
        node_down 1
        elect 3
        take_over 2 1 2
        delete_database 1
        join 4
        ",
    );
    shows("losses", &walk);
}

#[test]
fn without_databases_there_are_only_nodes() {
    let mut cluster = Cluster::new(3);
    let first = picture(None, &cluster, WIDTH);
    let walk = walk_from(&mut cluster, "create_snapshot 3 \"mine\"\nnode_down 2");
    assert_snapshot!(format!("{first}{walk}"), @r#"
                node 1 ★   node 2   node 3
    state       up         up       up
    > create_snapshot 3 "mine"

                node 1 ★   node 2   node 3
    state       up         up       up
    snapshots  *node 3: mine (user)

    > node_down 2

                node 1 ★   node 2   node 3
    state       up        *down     up
    snapshots   node 3: mine (user)
    "#);
}

#[test]
fn columns_that_do_not_fit_go_below() {
    let text = picture(None, &named("typical"), 50).to_string();
    assert_snapshot!(text, @"
                node 1 ★   node 2    node 3
    state       up         up        up
    holds       3 of 8     3 of 8    3 of 8
    endpoints   1 4        3 4       2 4
    shards      M1.1 #1    R1.1 #2   R1.2 #4
                M2.2 #6    M1.2 #3   M2.1 #5
                R4.1 #12   M3.1 #7   R3.2 #10

                node 4     node 5
    state       up         up
    holds       3 of 8     2 of 8
    endpoints   3 4        4
    shards      R3.1 #8    M4.1 #11
                M3.2 #9    M4.2 #13
                R4.2 #14
    databases   1: replicated, endpoints single
                2: not replicated, endpoints single
                3: replicated, Active-Active, endpoints all-master-shards
                4: replicated, endpoints all-nodes
    ");
}

#[test]
fn a_long_snapshot_goes_on_in_the_next_line() {
    let mut cluster = named("wide");
    let walk = walk_from(&mut cluster, "create_snapshot 17 \"before the upgrade\"");
    let snapshot: Vec<_> = walk.lines().skip_while(|line| !line.starts_with("snapshots")).collect();
    assert_snapshot!(snapshot.join("\n"), @"
    snapshots  *node 17: before the upgrade (user): M2.4 #33, R3.9 #70, M5.7 #97, R6.12 #134, M8.3 #165,
                  R10.2 #198, M11.6 #231, R13.6 #263, M14.10 #296, M18.1 #361, R19.6 #398, M21.5 #426,
                  R22.10 #463, M24.1 #496, endpoint 5, endpoint 10, endpoint 18, endpoint 20,
                  endpoint 24
    ");
}

#[test]
fn a_wide_cluster_is_drawn_whole() {
    let cluster = named("wide");
    for width in [0, 20, 80, 200, 10_000] {
        let text = picture(None, &cluster, width).to_string();
        let count = |what: &str| text.matches(what).count();
        assert_eq!((count("node "), count(" #")), (35, 500));
        let fits = |line: &&str| line.chars().count() <= width.max(60);
        assert_eq!(text.lines().filter(|line| !fits(line)).collect::<Vec<_>>(), Vec::<&str>::new());
    }
}

proptest! {
    /// A picture says less than a transcript, and nothing else.
    #[test]
    fn only_what_changed_stands_out(
        rules in strategy::rules(),
        start in strategy::cluster(),
        choices in vec(strategy::choice(), 1..20),
        width in 0..200_usize,
    ) {
        let mut cluster = start;
        prop_assert!(!picture(None, &cluster, width).is_changed());
        for choice in choices {
            let before = cluster.clone();
            let act = choice.act(&cluster, &rules);
            step(&mut cluster, &rules, &Input { at: Time(0), act });
            let picture = picture(Some(&before), &cluster, width);
            let is_marked = |picture: &Picture| picture.lines().iter().flatten().any(|it| it.text.starts_with('*'));
            prop_assert_eq!(picture.is_changed(), is_marked(&picture), "{}", picture);
            prop_assert_eq!(picture.is_changed(), visible(&before) != visible(&cluster), "{}", picture);
        }
    }
}

/// What of a cluster can be seen in a picture.
fn visible(cluster: &Cluster) -> Parts {
    let mut parts = Parts::from(cluster);
    for node in &mut parts.nodes {
        node.slots = [const { None }; 4];
    }
    Parts { change_master: None, departed: Vec::new(), persistent_node_removal: false, tasks: 0, ..parts }
}
