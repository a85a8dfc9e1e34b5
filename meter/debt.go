package meter

import (
	"sync"

	"github.com/pontage/pontage"
)

// mostOwed bounds how many calls are remembered that are to be given back. It is never met in practice: while the database is away
// nothing is admitted, so there are never more than calls that were under way.
const mostOwed = 65_536

// debt is a call that is to be given back.
type debt struct {
	ending Ending
	reaped bool
}

// debts are the calls that this process must give back and the database did not take yet. A crash forgets them.
type debts struct {
	mu  sync.Mutex
	all map[pontage.CallID]debt
	// added holds a word that there are new ones; none is closed while there are none.
	added chan struct{}
	none  chan struct{}
}

func newDebts() *debts {
	d := &debts{all: map[pontage.CallID]debt{}, added: make(chan struct{}, 1), none: make(chan struct{})}
	close(d.none)
	return d
}

// add says whether there was room.
func (d *debts) add(owed debt) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.all) >= mostOwed {
		return false
	}
	if len(d.all) == 0 {
		d.none = make(chan struct{})
	}
	d.all[owed.ending.CallID] = owed
	select {
	case d.added <- struct{}{}:
	default:
	}
	return true
}

// forget takes one off, because it is given back or because it need not be any more.
func (d *debts) forget(id pontage.CallID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.all[id]; !ok {
		return
	}
	delete(d.all, id)
	if len(d.all) == 0 {
		close(d.none)
	}
}

// some gives up to limit of them.
func (d *debts) some(limit int) []debt {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]debt, 0, min(limit, len(d.all)))
	for _, owed := range d.all {
		if len(list) == limit {
			break
		}
		list = append(list, owed)
	}
	return list
}

func (d *debts) has(id pontage.CallID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.all[id]
	return ok
}

func (d *debts) len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.all)
}

// empty gives a channel that is closed when none is left of those there are now.
func (d *debts) empty() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.none
}
