package storage

import (
	"context"
	"hash/maphash"
	"sync"

	"github.com/pontage/pontage"
)

// lineHash stands for a line: 128 bits, seeded in this process.
type lineHash [2]uint64

type lineSeeds [2]maphash.Seed

func newLineSeeds() lineSeeds { return lineSeeds{maphash.MakeSeed(), maphash.MakeSeed()} }

func (s *lineSeeds) hash(line pontage.StatisticKey) lineHash {
	return lineHash{maphash.Comparable(s[0], line), maphash.Comparable(s[1], line)}
}

// maxLines bounds the memory for it to some megabytes.
const maxLines = 100_000

// statisticLines knows the numbers of lines that were added to before. A line is never deleted and keeps its number.
type statisticLines struct {
	mutex   sync.Mutex
	seeds   lineSeeds
	numbers map[lineHash]int64
}

func newStatisticLines() *statisticLines {
	return &statisticLines{seeds: newLineSeeds(), numbers: map[lineHash]int64{}}
}

// numbered is what is added to a line whose number is known.
type numbered struct {
	line int64
	pontage.Usage
}

// split gives what belongs to known lines, and the rest.
func (l *statisticLines) split(deltas []pontage.StatisticDelta) (known []numbered, fresh []pontage.StatisticDelta) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known = make([]numbered, 0, len(deltas))
	for _, d := range deltas {
		if line, ok := l.numbers[l.seeds.hash(d.StatisticKey)]; ok {
			known = append(known, numbered{line, d.Usage})
		} else {
			fresh = append(fresh, d)
		}
	}
	return known, fresh
}

// unknown gives the lines of a dimension that are not known, in the order of the deltas.
func (l *statisticLines) unknown(deltas []pontage.StatisticDelta, dimension pontage.Dimension) (keys []pontage.StatisticKey) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, d := range deltas {
		if d.Dimension != dimension {
			continue
		}
		if _, ok := l.numbers[l.seeds.hash(d.StatisticKey)]; !ok {
			keys = append(keys, d.StatisticKey)
		}
	}
	return keys
}

// learn keeps numbers; it follows the commit, since a number that was rolled back is given to another line.
func (l *statisticLines) learn(numbers map[pontage.StatisticKey]int64) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.numbers)+len(numbers) > maxLines {
		clear(l.numbers)
	}
	for key, line := range numbers {
		l.numbers[l.seeds.hash(key)] = line
	}
}

// addStatistics adds to lines and gives the numbers of those that were not known.
func (t tx) addStatistics(ctx context.Context, lines *statisticLines, deltas []pontage.StatisticDelta) (map[pontage.StatisticKey]int64, error) {
	known, fresh := lines.split(deltas)
	s := t.gathered()
	addToLines(s, known)
	if err := t.executeAny(ctx, s, "statistics"); err != nil {
		return nil, err
	}
	numbers := make(map[pontage.StatisticKey]int64, len(fresh))
	var queries []*query
	for rows := range chunks(t.planned(""), fresh) {
		queries = append(queries, t.putStatistics(rows, numbers))
	}
	return numbers, t.queryAll(ctx, queries)
}

func addToLines(s *statement, known []numbered) {
	updateRows(s, "statistics", "total_requests = total_requests + v.column2, wallet_requests = wallet_requests + v.column3,"+
		" subscription_requests = subscription_requests + v.column4, error_requests = error_requests + v.column5,"+
		" wallet_amount = wallet_amount + v.column6", "line = v.column1", known, func(n numbered) {
		s.number(n.line)
		usageValues(s, n.Usage)
	})
}

// putStatistics adds to lines that may be new and notes their numbers.
func (t tx) putStatistics(deltas []pontage.StatisticDelta, numbers map[pontage.StatisticKey]int64) *query {
	s := t.planned("INSERT INTO statistics (" + statisticColumns + ") VALUES ")
	s.rows(len(deltas), func(i int) {
		d := deltas[i]
		s.string(string(d.AccountID)).string(string(d.Period)).string(string(d.Dimension)).string(d.Key).string(d.Host)
		usageValues(s, d.Usage)
		s.number(0)
	})
	s.sql(" ON CONFLICT (account_id, period, dimension, key, host) DO UPDATE SET" +
		" total_requests = statistics.total_requests + excluded.total_requests," +
		" wallet_requests = statistics.wallet_requests + excluded.wallet_requests," +
		" subscription_requests = statistics.subscription_requests + excluded.subscription_requests," +
		" error_requests = statistics.error_requests + excluded.error_requests," +
		" wallet_amount = statistics.wallet_amount + excluded.wallet_amount RETURNING line, account_id, period, dimension, key, host")
	return &query{s, "statistics", func(r row) error {
		var k pontage.StatisticKey
		var line int64
		err := r.Scan(&line, &k.AccountID, &k.Period, &k.Dimension, &k.Key, &k.Host)
		numbers[k] = line
		return err
	}}
}
