package storage

import (
	"cmp"
	"context"
	"database/sql"
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

// UsageCalls implements pontage.CallReader. What is not folded is read apart from the folded blocks, which are older; both are cut at the
// same watermark, so that a fold meanwhile neither hides a call nor shows it twice.
func (r reader) UsageCalls(ctx context.Context, q pontage.UsageCallQuery) ([]pontage.Call, error) {
	if q.Page.Limit <= 0 || q.Page.Skip < 0 {
		return nil, errPage
	}
	line := usageLine{q.AccountID, q.Day, q.Host}
	begin, err := time.Parse(time.DateOnly, string(q.Day))
	if err != nil {
		return nil, nil
	}
	folded, err := r.folded(ctx)
	if err != nil {
		return nil, err
	}
	got, err := r.usagePage(ctx, q)
	if got == nil || err != nil {
		return nil, err
	}
	end := folded.of(q.AccountID).calls
	if !q.Page.OldestFirst {
		err = r.unfoldedUsage(ctx, line, begin, end, got)
	}
	if err == nil {
		err = r.foldedUsage(ctx, line, end, got)
	}
	if err == nil && q.Page.OldestFirst {
		err = r.unfoldedUsage(ctx, line, begin, end, got)
	}
	return got.calls, err
}

func (r reader) unfoldedUsage(ctx context.Context, line usageLine, begin time.Time, end int64, got *usagePage) error {
	if got.full() {
		return nil
	}
	first, last := got.bounds()
	s := r.statement("SELECT "+callColumns+" FROM calls c WHERE ").between("c", max(end, first-1), last)
	s.sql(" AND c.payer = 'wallet' AND c.state <> 'refused' AND c.account_id = ").value(func(s *statement) { s.string(string(line.account)) })
	s.sql(" AND c.host = ").value(func(s *statement) { s.string(line.host) })
	s.sql(" AND c.decided_at >= ").value(func(s *statement) { s.time(begin) })
	s.sql(" AND c.decided_at < ").value(func(s *statement) { s.time(begin.AddDate(0, 0, 1)) })
	calls, err := list(ctx, r, got.narrow(s).sql(notReleased+got.order("c.sequence")), "call", callTargets)
	got.take(calls)
	return err
}

// foldedUsage walks the line's blocks until the page is full.
func (r reader) foldedUsage(ctx context.Context, line usageLine, end int64, got *usagePage) error {
	edge, err := r.firstUsageBlock(ctx, line, end, got)
	for err == nil && !got.full() {
		s := r.usageBlocksOf("last_sequence, sequences", line)
		s.sql(map[bool]string{false: " AND last_sequence < ", true: " AND last_sequence > "}[got.oldest]).value(func(s *statement) { s.number(edge) })
		s.sql(" AND last_sequence <= ").value(func(s *statement) { s.number(end) })
		s.sql(got.order("last_sequence") + " LIMIT " + strconv.Itoa(blocksPerRead))
		blocks, err := list(ctx, r, s, "usage calls", (*usageBlock).targets)
		if err != nil || len(blocks) == 0 {
			return err
		}
		edge = blocks[len(blocks)-1].last
		if err := r.usageBlocks(ctx, blocks, got); err != nil {
			return err
		}
	}
	return err
}

func (r reader) usageBlocksOf(columns string, line usageLine) *statement {
	s := r.statement("SELECT " + columns + " FROM usage_calls WHERE account_id = ").value(func(s *statement) { s.string(string(line.account)) })
	s.sql(" AND day = ").value(func(s *statement) { s.string(string(line.day)) })
	return s.sql(" AND host = ").value(func(s *statement) { s.string(line.host) })
}

// firstUsageBlock gives the sequence beside the block with which the page begins. Blocks follow each other: a fold's calls are younger than
// those of the fold before.
func (r reader) firstUsageBlock(ctx context.Context, line usageLine, end int64, got *usagePage) (int64, error) {
	switch {
	case got.oldest: // the block that holds the next call ends with it or behind it
		return got.behind, nil
	case got.behind > end:
		return end + 1, nil
	}
	s := r.usageBlocksOf("coalesce(min(last_sequence), 0)", line).sql(" AND last_sequence >= ").value(func(s *statement) { s.number(got.behind) })
	first := int64(0)
	err := r.each(ctx, s, "usage calls", func(rows *sql.Rows) error { return rows.Scan(&first) })
	return max(first, got.behind) + 1, err
}

func (r reader) usageBlocks(ctx context.Context, blocks []usageBlock, got *usagePage) error {
	var all []int64
	for i := range blocks {
		sequences, err := blocks[i].sequences()
		if err != nil {
			return err
		}
		if got.oldest {
			slices.Reverse(sequences)
		}
		first, last := got.bounds()
		for _, n := range sequences {
			if n >= first && n <= last {
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
		calls, err := list(ctx, r, s.sql(got.order("c.sequence")), "call", callTargets)
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
