package meter

import (
	"net/netip"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// line is what some cells add to one statistic line.
type line struct {
	pontage.StatisticKey
	usage pontage.Usage
	// seen is sorted by address, each once.
	seen []sighting
}

// sighting is an address and when it was seen last.
type sighting struct {
	address netip.Addr
	at      time.Time
}

// spread makes the lines of one account after the other.
type spread struct {
	owners map[pontage.LineageID]pontage.LineageOwner
	lines  []line
	day    pontage.Period
}

// account makes the sorted lines of one account's cells. However many cells count under a line of a day, it is made once, but those of
// tokens, which are made for each scope.
func (s *spread) account(cells []keyedCell) {
	s.lines = s.lines[:0]
	for day := range runs(cells, func(a, b *keyedCell) bool { return a.day == b.day }) {
		s.day = pontage.DayOf(day[0].at)
		s.add(pontage.ByAccount, "", "", day)
		s.addresses(day)
		for api := range runs(day, func(a, b *keyedCell) bool { return a.host == b.host }) {
			s.add(pontage.ByAPI, api[0].host, api[0].host, api)
			for scope := range runs(api, func(a, b *keyedCell) bool { return a.scope == b.scope }) {
				s.add(pontage.ByScope, string(scope[0].scope), api[0].host, scope)
				for token := range runs(scope, func(a, b *keyedCell) bool { return a.lineage == b.lineage }) {
					s.token(token)
				}
			}
		}
	}
	slices.SortStableFunc(s.lines, func(a, b line) int { return a.StatisticKey.Compare(b.StatisticKey) })
}

// token makes the lines of one token, and those of its client and domain, where it has them.
func (s *spread) token(cells []keyedCell) {
	id := cells[0].lineage
	s.add(pontage.ByToken, string(id), "", cells)
	if of := s.owners[id]; of.ClientID != "" {
		s.add(pontage.ByClient, string(of.ClientID), "", cells)
		if of.DomainID != "" {
			s.add(pontage.ByDomain, string(of.DomainID), "", cells)
		}
	}
}

// addresses makes a day's lines by address.
func (s *spread) addresses(day []keyedCell) {
	byAddress := func(a, b keyedCell) int { return a.address.Compare(b.address) }
	if !slices.IsSortedFunc(day, byAddress) {
		day = slices.Clone(day)
		slices.SortFunc(day, byAddress)
	}
	for of := range runs(day, func(a, b *keyedCell) bool { return a.address == b.address }) {
		if of[0].address.IsValid() {
			s.put(pontage.ByAddress, of[0].address.String(), "", of, nil)
		}
	}
}

// add makes one line in all its periods.
func (s *spread) add(d pontage.Dimension, key, host string, cells []keyedCell) {
	s.put(d, key, host, cells, sightings(cells))
}

func (s *spread) put(d pontage.Dimension, key, host string, cells []keyedCell, seen []sighting) {
	l := line{StatisticKey: pontage.StatisticKey{AccountID: cells[0].account, Dimension: d, Key: key, Host: host}, seen: seen}
	for i := range cells {
		addUsage(&l.usage, cells[i].usage)
	}
	s.lines = append(s.lines, l)
	if d.KeepsMonths() {
		l.Period = s.day[:len("2006-01")]
		s.lines = append(s.lines, l)
	}
	l.Period = s.day
	s.lines = append(s.lines, l)
}

// sightings gives the addresses that calls were decided from.
func sightings(cells []keyedCell) []sighting {
	seen := make([]sighting, 0, len(cells))
	for i := range cells {
		if c := &cells[i]; c.address.IsValid() && !c.seen.IsZero() {
			seen = append(seen, sighting{c.address, c.seen})
		}
	}
	return newest(seen)
}

// newest sorts by address and keeps the newest of each.
func newest(seen []sighting) []sighting {
	slices.SortFunc(seen, func(a, b sighting) int {
		if order := a.address.Compare(b.address); order != 0 {
			return order
		}
		return b.at.Compare(a.at)
	})
	return slices.CompactFunc(seen, func(a, b sighting) bool { return a.address == b.address })
}
