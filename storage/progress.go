package storage

import (
	"context"
	"strconv"

	"github.com/pontage/pontage"
)

// watermarks say up to where the two logs are folded.
type watermarks struct{ calls, outcomes int64 }

// progress is how far the fold is. A stretch of the log is folded account by account: those up to through are folded up to next, all
// others up to done.
type progress struct {
	done, next watermarks
	through    pontage.AccountID
}

// of is up to where an account is folded.
func (p progress) of(account pontage.AccountID) watermarks {
	if account <= p.through {
		return p.next
	}
	return p.done
}

func (p *progress) targets() []any {
	return []any{&p.done.calls, &p.done.outcomes, &p.next.calls, &p.next.outcomes, &p.through}
}

const selectFolded = "SELECT c.sequence, o.sequence, c.next_sequence, o.next_sequence, c.through FROM watermarks c, watermarks o" +
	" WHERE c.name = 'calls' AND o.name = 'outcomes'"

// folded reads how far the fold is.
func (r reader) folded(ctx context.Context) (progress, error) {
	p, err := one(ctx, r, r.fixed(selectFolded), "watermark", (*progress).targets)
	if err != nil {
		return progress{}, err
	}
	return *p, nil
}

// advance says whether the fold still stood at from; then it stands at to.
func (t tx) advance(ctx context.Context, from, to progress) (bool, error) {
	now, err := t.lockFolded(ctx)
	if err != nil || now != from {
		return false, err
	}
	number := func(n int64) func(*statement) { return func(s *statement) { s.number(n) } }
	s := t.planned("UPDATE watermarks SET sequence = CASE name WHEN 'calls' THEN ").value(number(to.done.calls))
	s.sql(" ELSE ").value(number(to.done.outcomes)).sql(" END, next_sequence = CASE name WHEN 'calls' THEN ").value(number(to.next.calls))
	s.sql(" ELSE ").value(number(to.next.outcomes)).sql(" END, through = ").value(func(s *statement) { s.string(string(to.through)) })
	_, err = t.execute(ctx, s, "watermark")
	return true, err
}

// lockFolded is folded for who will move it. On PostgreSQL it takes a lock first, in a statement of its own: the second one must see
// what the lock waited for.
func (t tx) lockFolded(ctx context.Context) (p progress, err error) {
	queries := []*query{{t.planned(selectFolded), "watermark", func(r row) error { return r.Scan(p.targets()...) }}}
	if t.postgres {
		lock := &query{t.planned("SELECT name FROM watermarks ORDER BY name FOR UPDATE"), "watermark", nil}
		queries = append([]*query{lock}, queries...)
	}
	err = t.queryAll(ctx, queries)
	return p, err
}

// mark is the upper bound of a sequence in a statement about many accounts: a number, or while a stretch is under way one by account.
type mark struct {
	done, next int64
	through    string
}

// extent is how much of the two logs a statement is about.
type extent struct{ calls, outcomes mark }

// everywhere is an extent that is the same for all accounts.
func everywhere(w watermarks) extent { return extent{mark{done: w.calls}, mark{done: w.outcomes}} }

// extent is what is folded.
func (r reader) extent(p progress) extent {
	if p.through == "" {
		return everywhere(p.done)
	}
	through := string(r.statement("").value(func(s *statement) { s.string(string(p.through)) }).text)
	return extent{mark{p.done.calls, p.next.calls, through}, mark{p.done.outcomes, p.next.outcomes, through}}
}

// of is the bound for the account that stands in the column.
func (m mark) of(account string) string {
	done := strconv.FormatInt(m.done, 10)
	if m.through == "" {
		return done
	}
	return "CASE WHEN " + account + " <= " + m.through + " THEN " + strconv.FormatInt(m.next, 10) + " ELSE " + done + " END"
}
