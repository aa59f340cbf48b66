//! What the documents leave open of a single answer, for whoever compares answers without a whole history: which
//! requests are not judged at all, and with which codes a request may be refused that the law refuses.

use super::asked;
use super::seen::{Symbol, codes};
use crate::model::{Cluster, Refusal, Request};
use crate::spec::Rules;

/// Whether the answer to a request is judged: no, where no document settles it and no parameter describes it.
pub(crate) fn is_judged(request: &Request) -> bool {
    !asked::is_free(request)
}

/// The codes with which a request may be refused that the law refuses so: where several errors apply, any of them may
/// win (R-POST-ORDER, R-AUTH-FIRST), and a precondition that is refused at once may have one of several codes
/// (R-PRECHECK-STATUS).
pub(crate) fn refusal_codes(
    request: &Request,
    refusal: Refusal,
    cluster: &Cluster,
    rules: &Rules,
) -> Vec<u16> {
    let (of_state, of_body) = Symbol::plain(request.clone(), None).stand_ins();
    let others = of_state.and_then(|it| it.refusal(cluster, rules));
    // The body is examined wherever the path leads, and so also where there is a node for certain.
    let plain = Cluster::new(3);
    let of_body = of_body.iter().flat_map(|it| [it.refusal(cluster, rules), it.refusal(&plain, rules)]);
    let all = [Some(refusal), others].into_iter().chain(of_body).flatten();
    let mut found: Vec<u16> = all.flat_map(codes).collect();
    found.sort_unstable();
    found.dedup();
    found
}
