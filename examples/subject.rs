//! The test of an implementation in Rust, twice: in one line, and with proptest-state-machine.
//!
//! `Honest` stands where your type would: it implements `Subject`, was written from the documents and calls no rule of the
//! law. Both tests have the oracle as reference, so both know every legal answer; a planted bug shows that both can say
//! no. The one line chooses its requests from what was answered, and is the faster one; the other is for those who have
//! strategies of their own.
//!
//! ```text
//! cargo test --example subject
//! ```

use action_oracle::conformance::honest::Honest;
use action_oracle::conformance::{Options, run};
use action_oracle::spec::RuleError;

fn main() -> Result<(), RuleError> {
    let report = run(&mut Honest::new(), &Options::default())?;
    assert!(report.findings.is_empty(), "{report}");
    assert!(report.judged > 0, "nothing was checked");
    Ok(())
}

#[cfg(test)]
mod one_line {
    use action_oracle::conformance::honest::Honest;
    use action_oracle::conformance::mutant::Fault;
    use action_oracle::conformance::{Options, test};

    #[test]
    fn it_conforms() {
        test(&mut Honest::new(), &Options::default());
    }

    #[test]
    #[should_panic(expected = "the subject contradicts the documents")]
    fn a_bug_is_found() {
        test(&mut Honest::with(Fault::ConflictRestarts), &Options::default());
    }
}

#[cfg(test)]
mod state_machine {
    use std::cell::RefCell;

    use action_oracle::conformance::honest::Honest;
    use action_oracle::conformance::mutant::Fault;
    use action_oracle::conformance::{Plan, Step};
    use action_oracle::history::{Header, Initial, Members};
    use action_oracle::model::NodeUid;
    use action_oracle::oracle::{self, Judge};
    use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
    use proptest::sample::select;
    use proptest::test_runner::{Config, RngSeed};
    use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

    /// With how many nodes each case begins: with few, many calls are about the same action.
    const NODES: u32 = 1;

    thread_local! {
        /// What it works out about the law for one case serves the next.
        static JUDGE: RefCell<Judge> = RefCell::new(Judge::new(oracle::Options::default()));
    }

    /// The reference: what was done so far. What may be answered is the oracle's to say, when all is done.
    struct Reference;

    impl ReferenceStateMachine for Reference {
        type State = Plan;
        type Transition = Step;

        fn init_state() -> BoxedStrategy<Plan> {
            Just(Plan { nodes: NODES, steps: Vec::new() }).boxed()
        }

        fn transitions(_: &Plan) -> BoxedStrategy<Step> {
            let actions = vec!["remove", "maintenance_on", "maintenance_off", "enslave_node"];
            let request = (select(vec!["POST", "GET", "DELETE"]), 1..=NODES, select(actions));
            let call = request.prop_map(|(method, uid, action)| {
                let body = if method == "POST" { " {}" } else { "" };
                let line = format!("{method} /v1/nodes/{uid}/actions/{action}{body}");
                let plan = Plan::parse(&format!("nodes {NODES}\n{line}"));
                plan.expect("it is one call").steps.remove(0)
            });
            let tick = prop_oneof![2 => Just(0), 1 => 0..1_u32 << 24].prop_map(Step::Tick);
            prop_oneof![call, tick].boxed()
        }

        fn apply(mut plan: Plan, step: &Step) -> Plan {
            plan.steps.push(step.clone());
            plan
        }
    }

    /// A subject with this bug, or none.
    struct Test<const BUG: bool>;

    impl<const BUG: bool> StateMachineTest for Test<BUG> {
        type SystemUnderTest = Honest;
        type Reference = Reference;

        fn init_test(_: &Plan) -> Honest {
            if BUG { Honest::with(Fault::ConflictRestarts) } else { Honest::new() }
        }

        fn apply(subject: Honest, _: &Plan, _: Step) -> Honest {
            subject
        }

        /// Everything is done to the subject in one go, and judged.
        fn teardown(mut subject: Honest, plan: Plan) {
            let records = plan.play(&mut subject);
            let nodes = (1..=NODES).map(NodeUid).collect();
            let header = Header::new(Initial::Empty(Members::Nodes(nodes)));
            let judgement = JUDGE.with_borrow_mut(|judge| judge.judge_records(&header, records));
            if let Some(first) = judgement.divergences().first() {
                panic!("{}\n{plan}", first.sentence);
            }
        }
    }

    prop_state_machine! {
        #![proptest_config(Config {
            cases: 100,
            rng_seed: RngSeed::Fixed(0),
            failure_persistence: None,
            ..Config::default()
        })]

        #[test]
        fn it_conforms(sequential 1..30 => Test<false>);

        #[test]
        #[should_panic(expected = "minimal failing input")]
        fn a_bug_is_found(sequential 1..30 => Test<true>);
    }
}
