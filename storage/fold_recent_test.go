package storage

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// An address that stays the newest of its line is written once; its time follows as soon as its place could depend on it.
func TestTheNewestAddressIsWrittenOnce(t *testing.T) {
	r := newRecentAddresses()
	line := pontage.StatisticKey{AccountID: "acc_1", Dimension: pontage.ByAccount}
	from := int64(0)
	fold := func(begin int64, seen ...string) []string {
		var list []pontage.AddressSeen
		for _, address := range seen {
			list = append(list, pontage.AddressSeen{StatisticKey: line, Address: netip.MustParseAddr(address), At: testStart.Add(time.Duration(from) * time.Second)})
		}
		due, keep := r.due(watermarks{calls: begin}, list)
		from++
		keep(watermarks{calls: from})
		var texts []string
		for _, a := range due {
			texts = append(texts, a.Address.String()+" "+a.At.Format("05"))
		}
		return texts
	}
	for i, c := range []struct {
		begin      int64
		seen, want []string
	}{
		{0, []string{"192.0.2.1"}, []string{"192.0.2.1 00"}},
		{1, []string{"192.0.2.1"}, nil},
		{2, []string{"192.0.2.1"}, nil},
		{3, []string{"192.0.2.2"}, []string{"192.0.2.1 02", "192.0.2.2 03"}},
		{4, []string{"192.0.2.2"}, nil},
		{5, []string{"192.0.2.1", "192.0.2.2"}, []string{"192.0.2.1 05", "192.0.2.2 05"}},
		{9, []string{"192.0.2.1"}, []string{"192.0.2.1 06"}}, // another instance folded in between
	} {
		got := fold(c.begin, c.seen...)
		if len(got) != len(c.want) {
			t.Fatalf("fold %d writes %v, want %v", i, got, c.want)
		}
		for j := range got {
			if got[j] != c.want[j] {
				t.Errorf("fold %d writes %v, want %v", i, got, c.want)
			}
		}
	}
}
