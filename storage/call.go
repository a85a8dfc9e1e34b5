package storage

import (
	"context"
	"math"
	"time"

	"github.com/pontage/pontage"
)

const callInsertColumns = "id, account_id, lineage_id, token_id, scope_id, operation_id, method, host, address, state, code, message," +
	" limit_name, payer, price, subscription_id, transfer_id, decided_at, expires_at, checks"

const callColumns = "c.sequence, c.id, c.account_id, c.lineage_id, c.token_id, c.scope_id, c.operation_id, c.method, c.host, c.address," +
	" c.state, c.code, c.message, c.limit_name, c.payer, c.price, c.subscription_id, c.transfer_id, c.decided_at, c.expires_at, c.checks"

func callValues(s *statement, c pontage.Call) {
	s.string(string(c.ID)).string(string(c.AccountID)).optional(string(c.LineageID)).optional(string(c.TokenID))
	s.optional(string(c.ScopeID)).optional(string(c.OperationID)).string(c.Method).string(c.Host).address(c.Address)
	s.string(string(c.State)).optional(string(c.Code)).optional(c.Message).optional(c.Limit).optional(string(c.Payer))
	s.number(int64(c.Price)).optional(string(c.SubscriptionID)).optional(string(c.TransferID)).time(c.DecidedAt).time(c.ExpiresAt)
	s.optional(string(c.Checks))
}

func callTargets(c *pontage.Call) []any {
	return []any{&c.Sequence, &c.ID, &c.AccountID, textInto(&c.LineageID), textInto(&c.TokenID), textInto(&c.ScopeID),
		textInto(&c.OperationID), &c.Method, &c.Host, addressInto(&c.Address), &c.State, textInto(&c.Code), textInto(&c.Message),
		textInto(&c.Limit), textInto(&c.Payer), &c.Price, textInto(&c.SubscriptionID), textInto(&c.TransferID),
		timeInto(&c.DecidedAt), timeInto(&c.ExpiresAt), textInto(&c.Checks)}
}

const outcomeInsertColumns = "call_id, phase, kind, status, code, transfer_id, ended_at, elapsed"

const outcomeColumns = "o.sequence, o.call_id, o.kind, o.status, o.code, o.transfer_id, o.ended_at, o.elapsed"

// The phases of a call's end: unique per call, they make a second settlement or release impossible.
const (
	phaseEnded    = 1
	phaseRefunded = 2
)

func outcomeValues(s *statement, o pontage.Outcome) {
	phase := int64(phaseEnded)
	if o.Kind == pontage.OutcomeRefunded {
		phase = phaseRefunded
	}
	s.string(string(o.CallID)).number(phase).string(string(o.Kind)).number(int64(o.Status)).optional(string(o.Code))
	s.optional(string(o.TransferID)).time(o.At).number(o.Elapsed.Microseconds())
}

func outcomeTargets(o *pontage.Outcome) []any {
	return []any{&o.Sequence, &o.CallID, &o.Kind, &o.Status, textInto(&o.Code), textInto(&o.TransferID), timeInto(&o.At),
		durationInto(&o.Elapsed)}
}

func endedTargets(e *pontage.EndedCall) []any {
	return append(outcomeTargets(&e.Outcome), callTargets(&e.Call)...)
}

// Call implements pontage.CallReader.
func (r reader) Call(ctx context.Context, id pontage.CallID) (*pontage.Call, []pontage.Outcome, error) {
	s := r.fixed("SELECT " + callColumns + " FROM calls c WHERE c.id = ")
	c, err := one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "call", callTargets)
	if err != nil {
		return nil, nil, err
	}
	outcomes, err := r.outcomesOf(ctx, []pontage.CallID{id})
	return c, outcomes, err
}

// OutcomesOf implements pontage.CallReader.
func (r reader) OutcomesOf(ctx context.Context, calls []pontage.CallID) ([]pontage.Outcome, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	return r.outcomesOf(ctx, calls)
}

// outcomesOf gives the outcomes of at least one call, oldest first.
func (r reader) outcomesOf(ctx context.Context, ids []pontage.CallID) ([]pontage.Outcome, error) {
	return list(ctx, r, in(r.fixed(selectOutcomes), ids).sql(orderOutcomes), "outcome", outcomeTargets)
}

const (
	selectOutcomes = "SELECT " + outcomeColumns + " FROM outcomes o WHERE o.call_id IN "
	orderOutcomes  = " ORDER BY o.sequence"
)

// Tail implements pontage.CallReader. The watermarks are read first and stand in the statements as numbers, since only of a number
// PostgreSQL knows how few rows lie behind it.
func (r reader) Tail(ctx context.Context, account pontage.AccountID) (pontage.Tail, error) {
	p, err := r.folded(ctx)
	if err != nil {
		return pontage.Tail{}, err
	}
	w := p.of(account)
	if end, err := r.lastSequences(ctx); err != nil || end == w { // mostly all is folded
		return pontage.Tail{}, err
	}
	ofCalls, ofOutcomes := r.tails(w, account)
	calls, err := list(ctx, r, ofCalls, "call", callTargets)
	if err != nil {
		return pontage.Tail{}, err
	}
	outcomes, err := list(ctx, r, ofOutcomes, "outcome", endedTargets)
	return pontage.Tail{Calls: calls, Outcomes: outcomes}, err
}

func (r reader) tails(w watermarks, account pontage.AccountID) (calls, outcomes *statement) {
	id := func(s *statement) { s.string(string(account)) }
	calls = r.fixed("SELECT "+callColumns+" FROM calls c WHERE ").between("c", w.calls, math.MaxInt64)
	calls.sql(" AND c.account_id = ").value(id).sql(" ORDER BY c.sequence")
	outcomes = r.fixed("SELECT "+outcomeColumns+", "+callColumns+" FROM outcomes o JOIN calls c ON c.id = o.call_id WHERE ").
		between("o", w.outcomes, math.MaxInt64)
	outcomes.sql(" AND c.account_id = ").value(id).sql(" ORDER BY o.sequence")
	return calls, outcomes
}

// between adds the condition for the rows in (from, end]. It always names both ends: of a range with one, PostgreSQL assumes a third of
// a table it has no statistics of yet, and would walk through it.
func (s *statement) between(alias string, from, end int64) *statement {
	s.sql(alias + ".sequence > ").value(func(s *statement) { s.number(from) })
	return s.sql(" AND " + alias + ".sequence <= ").value(func(s *statement) { s.number(end) })
}

// ExpiredCalls implements pontage.CallReader. A reservation that can expire is either in the tail of the log or, once folded, in
// open_calls; so the cost follows what is open and never the length of the log.
func (r reader) ExpiredCalls(ctx context.Context, before time.Time, limit int) ([]pontage.Call, error) {
	p, err := r.folded(ctx)
	if err != nil {
		return nil, err
	}
	s, err := page(r.expired(p.done, before), pontage.Page{Limit: limit})
	if err != nil {
		return nil, err
	}
	return list(ctx, r, s, "call", callTargets)
}

// expired has PostgreSQL gather the ids first, in an array: however wrong its statistics of a log that grows are, it then looks each of them
// up and never walks through the log to join it.
func (r reader) expired(w watermarks, before time.Time) *statement {
	at := func(s *statement) { s.time(before) }
	among, end := "IN (", ")"
	if r.postgres {
		among, end = "= ANY (ARRAY(", "))"
	}
	s := r.fixed("SELECT " + callColumns + " FROM calls c WHERE c.id " + among + "SELECT call_id FROM open_calls WHERE expires_at < ").value(at)
	s.sql(" UNION ALL SELECT t.id FROM calls t WHERE ").between("t", w.calls, math.MaxInt64).sql(" AND t.state = 'reserved' AND t.expires_at < ")
	return s.value(at).sql(end + " AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.call_id = c.id AND o.phase = 1)" +
		" ORDER BY c.expires_at, c.sequence")
}
