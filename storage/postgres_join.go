package storage

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

const (
	// flights is how many transactions of joined units are under way at once, mostJoined how many units are in one of them.
	flights    = 4
	mostJoined = 64
	// joinedTimeout bounds one of them; a server that is silent for so long is given up.
	joinedTimeout = 15 * time.Second
)

// joiners commit units of work that only insert rows and come at the same time in one transaction, each statement once for all of
// them. Whoever comes alone waits for nobody. Where the server refuses the rows of one, each is tried alone.
type joiners struct {
	db      *bun.DB
	mu      sync.Mutex
	waiting []*joiner
	flying  int
}

// joiner is a unit that waits for its commit.
type joiner struct {
	steps []step
	done  chan error
}

func newJoiners(db *bun.DB) *joiners { return &joiners{db: db} }

// joinable says that a unit of work has sent nothing yet and only inserts rows that are new.
func joinable(l *lazily) bool {
	if l.begun || len(l.later) == 0 {
		return false
	}
	return !slices.ContainsFunc(l.later, func(s step) bool { return !s.insertsRow() })
}

const oneRow = " VALUES ("

// insertsRow says that the step inserts one row and does nothing else.
func (s step) insertsRow() bool {
	alone := !slices.ContainsFunc(s.columns, func(c *column) bool { return !c.alone })
	return s.planned && alone && strings.HasPrefix(s.text, "INSERT INTO ") && strings.HasSuffix(s.text, ")") &&
		strings.Count(s.text, oneRow) == 1 && !strings.Contains(s.text, " ON CONFLICT ")
}

// commit makes the rows durable. Where ctx ends first nobody knows whether they are.
func (g *joiners) commit(ctx context.Context, steps []step) error {
	j := &joiner{steps: steps, done: make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, j)
	if g.flying < flights {
		g.flying++
		go g.fly()
	}
	g.mu.Unlock()
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return committed(ctx.Err())
	}
}

// fly commits groups until nobody waits.
func (g *joiners) fly() {
	for group := g.next(); len(group) > 0; group = g.next() {
		err := g.attempt(group)
		if err == nil || len(group) == 1 || pontage.CodeOf(err) == pontage.Unavailable {
			answer(group, err)
			continue
		}
		for i := range group {
			answer(group[i:i+1], g.attempt(group[i:i+1]))
		}
	}
}

func answer(group []*joiner, err error) {
	for _, j := range group {
		j.done <- err
	}
}

// next takes those that run the same statements as the first; with none left the flight is over.
func (g *joiners) next() (group []*joiner) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var others []*joiner
	for _, j := range g.waiting {
		if len(group) < mostJoined && (len(group) == 0 || alike(group[0].steps, j.steps)) {
			group = append(group, j)
		} else {
			others = append(others, j)
		}
	}
	g.waiting = others
	if len(group) == 0 {
		g.flying--
	}
	return group
}

func alike(a, b []step) bool {
	return slices.EqualFunc(a, b, func(a, b step) bool { return a.text == b.text })
}

// attempt commits a group in a transaction of its own.
func (g *joiners) attempt(group []*joiner) error {
	ctx, cancel := context.WithTimeout(context.Background(), joinedTimeout)
	defer cancel()
	conn, err := g.db.Conn(ctx)
	if err != nil {
		return translate(err, "database")
	}
	defer func() { _ = conn.Close() }()
	unit := &lazily{Conn: conn, later: joinedSteps(group)}
	defer unit.rollback()
	return committed(unit.commit(ctx))
}

// joinedSteps are the statements of one unit with the rows of all.
func joinedSteps(group []*joiner) []step {
	if len(group) == 1 {
		return group[0].steps
	}
	steps := make([]step, len(group[0].steps))
	for i, s := range group[0].steps {
		steps[i] = s.joined(mapped(group[1:], func(j *joiner) step { return j.steps[i] }))
	}
	return steps
}

// joined is one insert of this step's row and those of others that have its text. What a step holds is left as it is.
func (s step) joined(others []step) step {
	head, _, _ := strings.Cut(s.text, oneRow)
	all := step{planned: true}
	text := []byte(head + " SELECT * FROM unnest(")
	for i, c := range s.columns {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(strconv.AppendInt(append(text, '$'), int64(i+1), 10), "::"+c.kind.name+"[]"...)
		column := &column{kind: c.kind, count: c.count, nulls: c.nulls, data: slices.Clone(c.data)}
		for _, o := range others {
			column.join(o.columns[i])
		}
		all.columns = append(all.columns, column)
	}
	all.text = string(append(text, ')'))
	return all
}
