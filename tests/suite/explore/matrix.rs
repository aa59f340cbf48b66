//! The matrix of one node, pinned: a change of behaviour is a difference in the snapshot.

use action_oracle::explore::{self, Options};
use action_oracle::model::Cluster;
use action_oracle::report;
use action_oracle::spec::Rules;

/// Everything that one node can do by default.
fn one_node() -> explore::Explored {
    explore::explore(&Options::new(Cluster::new(1), Rules::default())).expect("it can be explored")
}

/// A change of behaviour is a difference here.
#[test]
fn the_matrix_of_one_node_is_pinned() {
    let mut text = Vec::new();
    report::explored::write_text(&one_node(), &mut text).expect("a vector takes everything");
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../../snapshots/explore");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!("one_node", String::from_utf8(text).expect("it is text")));
}

/// What campaigns are counted against.
#[test]
fn each_action_by_itself_reaches_every_cell_of_one_node() {
    let cells = one_node().answers.matrix.into_keys().collect();
    assert_eq!(explore::reachable_by_one_node(&Rules::default()), cells);
}
