package storage

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const (
	// blocksPerRead is how many rows of usage_calls are read at once, callsPerRead how many calls are looked up at most at once;
	// callsSpare are looked up beside what is missing, because some may have been released.
	blocksPerRead = 32
	callsPerRead  = 500
	callsSpare    = 10

	notReleased = " AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.call_id = c.id AND o.phase = 1 AND o.kind = 'released')"
)

type usageLine struct {
	account pontage.AccountID
	day     pontage.Period
	host    string
}

// usageRow is a line and the sequences of its calls in one stretch of the log, the newest first.
type usageRow struct {
	usageLine
	sequences []int64
}

// usageRows gives which of the calls each usage line is made of, by line.
func usageRows(calls []pontage.Call) []usageRow {
	lines := map[usageLine][]int64{}
	for i := range slices.Backward(calls) {
		if c := &calls[i]; c.Payer == pontage.PayerWallet && c.State != pontage.CallRefused {
			key := usageLine{c.AccountID, pontage.DayOf(c.DecidedAt), c.Host}
			lines[key] = append(lines[key], c.Sequence)
		}
	}
	rows := make([]usageRow, 0, len(lines))
	for line, sequences := range lines {
		rows = append(rows, usageRow{line, sequences})
	}
	slices.SortFunc(rows, func(a, b usageRow) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.day, b.day), cmp.Compare(a.host, b.host))
	})
	return rows
}

func putUsageRows(s *statement, rows []usageRow) {
	insertRows(s, "usage_calls", usageCallColumns, rows, usageCallValues)
}

const usageCallColumns = "account_id, day, host, last_sequence, sequences"

func usageCallValues(s *statement, u usageRow) {
	s.string(string(u.account)).string(string(u.day)).string(u.host).number(u.sequences[0]).string(distances(u.sequences))
}

// distances writes all but the first of falling numbers as how far each lies below the one before it.
func distances(sequences []int64) string {
	var text []byte
	for i := 1; i < len(sequences); i++ {
		if i > 1 {
			text = append(text, ' ')
		}
		text = strconv.AppendInt(text, sequences[i-1]-sequences[i], 10)
	}
	return string(text)
}

// usageBlock is one row of usage_calls.
type usageBlock struct {
	last int64
	rest string
}

func (b *usageBlock) targets() []any { return []any{&b.last, &b.rest} }

// sequences is the reverse of distances.
func (b *usageBlock) sequences() ([]int64, error) {
	all := []int64{b.last}
	for field := range strings.FieldsSeq(b.rest) {
		distance, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return nil, translate(err, "usage calls")
		}
		all = append(all, all[len(all)-1]-distance)
	}
	return all, nil
}

// UsageCalls implements pontage.CallReader: first what is not folded, then the folded blocks, the newest first. Both are cut at the
// same watermark, so that a fold meanwhile neither hides a call nor shows it twice.
func (r reader) UsageCalls(ctx context.Context, q pontage.UsageCallQuery) ([]pontage.Call, error) {
	p, line := q.Page, usageLine{q.AccountID, q.Day, q.Host}
	if p.Limit <= 0 || p.Skip < 0 {
		return nil, errPage
	}
	if p.OldestFirst {
		return nil, pontage.E(pontage.InvalidInput, "The calls of a transaction come newest first.").At("order")
	}
	begin, err := time.Parse(time.DateOnly, string(q.Day))
	if err != nil {
		return nil, nil
	}
	folded, err := r.folded(ctx)
	if err != nil {
		return nil, err
	}
	w := folded.of(q.AccountID)
	got := usagePage{client: q.ClientID, skip: p.Skip, limit: p.Limit, before: math.MaxInt64}
	if !p.After.Zero() {
		after, _, err := r.Call(ctx, pontage.CallID(p.After.ID))
		if pontage.CodeOf(err) == pontage.NotFound { // deleted meanwhile, and all that is older with it
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		got.before = after.Sequence
	}
	fresh, err := list(ctx, r, r.unfoldedUsage(w, &got, line, begin), "call", callTargets)
	if err != nil {
		return nil, err
	}
	got.take(fresh)
	err = r.foldedUsage(ctx, line, w.calls, &got)
	return got.calls, err
}

func (r reader) unfoldedUsage(w watermarks, got *usagePage, line usageLine, begin time.Time) *statement {
	s := r.statement("SELECT "+callColumns+" FROM calls c WHERE ").between("c", w.calls, got.before-1)
	s.sql(" AND c.payer = 'wallet' AND c.state <> 'refused' AND c.account_id = ").value(func(s *statement) { s.string(string(line.account)) })
	s.sql(" AND c.host = ").value(func(s *statement) { s.string(line.host) })
	s.sql(" AND c.decided_at >= ").value(func(s *statement) { s.time(begin) })
	s.sql(" AND c.decided_at < ").value(func(s *statement) { s.time(begin.AddDate(0, 0, 1)) })
	return got.narrow(s).sql(notReleased + " ORDER BY c.sequence DESC")
}

// foldedUsage walks the line's blocks until the page is full.
func (r reader) foldedUsage(ctx context.Context, line usageLine, end int64, got *usagePage) error {
	before, err := r.firstUsageBlock(ctx, line, end, got.before)
	for err == nil && !got.full() {
		s := r.statement("SELECT last_sequence, sequences FROM usage_calls WHERE account_id = ").value(func(s *statement) { s.string(string(line.account)) })
		s.sql(" AND day = ").value(func(s *statement) { s.string(string(line.day)) })
		s.sql(" AND host = ").value(func(s *statement) { s.string(line.host) })
		s.sql(" AND last_sequence < ").value(func(s *statement) { s.number(before) })
		s.sql(" ORDER BY last_sequence DESC LIMIT " + strconv.Itoa(blocksPerRead))
		blocks, err := list(ctx, r, s, "usage calls", (*usageBlock).targets)
		if err != nil || len(blocks) == 0 {
			return err
		}
		before = blocks[len(blocks)-1].last
		if err := r.usageBlocks(ctx, blocks, got); err != nil {
			return err
		}
	}
	return err
}

// firstUsageBlock gives a sequence above the block that holds the calls before the given one. Blocks follow each other: a fold's calls
// are younger than those of the fold before.
func (r reader) firstUsageBlock(ctx context.Context, line usageLine, end, before int64) (int64, error) {
	if before > end {
		return end + 1, nil
	}
	s := r.statement("SELECT coalesce(min(last_sequence), 0) FROM usage_calls WHERE account_id = ").value(func(s *statement) { s.string(string(line.account)) })
	s.sql(" AND day = ").value(func(s *statement) { s.string(string(line.day)) })
	s.sql(" AND host = ").value(func(s *statement) { s.string(line.host) })
	s.sql(" AND last_sequence >= ").value(func(s *statement) { s.number(before) })
	first := int64(0)
	err := r.each(ctx, s, "usage calls", func(rows *sql.Rows) error { return rows.Scan(&first) })
	return max(first, before) + 1, err
}

func (r reader) usageBlocks(ctx context.Context, blocks []usageBlock, got *usagePage) error {
	var all []int64
	for i := range blocks {
		sequences, err := blocks[i].sequences()
		if err != nil {
			return err
		}
		for _, n := range sequences {
			if n < got.before {
				all = append(all, n)
			}
		}
	}
	for len(all) > 0 && !got.full() {
		n := min(len(all), callsPerRead, got.atOnce())
		sequences := all[:n]
		all = all[n:]
		passed, err := r.passOver(ctx, sequences, got)
		if err != nil {
			return err
		}
		if passed {
			continue
		}
		s := got.of(r.statement("SELECT "+callColumns+" FROM calls c"), sequences)
		calls, err := list(ctx, r, s.sql(" ORDER BY c.sequence DESC"), "call", callTargets)
		if err != nil {
			return err
		}
		got.take(calls)
	}
	return nil
}

// passOver only counts calls that lie before the page.
func (r reader) passOver(ctx context.Context, sequences []int64, got *usagePage) (bool, error) {
	if got.skip < len(sequences) {
		return false, nil
	}
	count := 0
	s := got.of(r.statement("SELECT count(*) FROM calls c"), sequences)
	err := r.each(ctx, s, "call", func(rows *sql.Rows) error { return rows.Scan(&count) })
	got.skip -= count
	return true, err
}

// usagePage collects a page of calls that come newest first.
type usagePage struct {
	// client keeps its calls alone, where it is named.
	client      pontage.ClientID
	skip, limit int
	// before is the sequence of the call behind which the page begins.
	before int64
	calls  []pontage.Call
}

// of narrows a statement to those of the calls that belong to the page's list.
func (p *usagePage) of(s *statement, sequences []int64) *statement {
	s.sql(" WHERE c.sequence IN ").list(len(sequences), func(i int) { s.number(sequences[i]) })
	return p.narrow(s).sql(notReleased)
}

// narrow adds the condition that a call is the client's.
func (p *usagePage) narrow(s *statement) *statement {
	if p.client == "" {
		return s
	}
	s.sql(" AND c.lineage_id IN (SELECT l.id FROM lineages l WHERE l.client_id = ").value(func(s *statement) { s.string(string(p.client)) })
	return s.sql(")")
}

func (p *usagePage) full() bool { return len(p.calls) == p.limit }

// missing is how many calls the page still needs, with those before it.
func (p *usagePage) missing() int { return p.skip + p.limit - len(p.calls) }

// atOnce is how many calls are looked up at once: hardly more than are missing, or as many as can be where others lie in between.
func (p *usagePage) atOnce() int {
	if p.client != "" {
		return callsPerRead
	}
	return p.missing() + callsSpare
}

func (p *usagePage) take(calls []pontage.Call) {
	n := min(p.skip, len(calls))
	p.skip, calls = p.skip-n, calls[n:]
	p.calls = append(p.calls, calls[:min(len(calls), p.limit-len(p.calls))]...)
}
