package meter

import (
	"context"

	"github.com/pontage/pontage"
)

// Overview gives what the actor's account did in a period, open reservations included, and on how many APIs. Mostly all is folded, and
// then that is one read; else the same is made of one snapshot.
func (m *Meter) Overview(ctx context.Context, by pontage.Actor, period pontage.Period) (pontage.Overview, error) {
	o, whole, err := m.store.Overview(ctx, by.AccountID, period)
	if err != nil || whole {
		return o, err
	}
	err = m.store.Read(ctx, func(r pontage.Reader) error {
		o = pontage.Overview{}
		own, err := statistics(ctx, r, pontage.StatisticQuery{AccountID: by.AccountID, Period: period, Dimension: pontage.ByAccount})
		if err != nil {
			return err
		}
		apis, err := statistics(ctx, r, pontage.StatisticQuery{AccountID: by.AccountID, Period: period, Dimension: pontage.ByAPI})
		if len(own) > 0 {
			o.StatisticLine = own[0]
		}
		o.APIs = int64(len(apis))
		return err
	})
	return o, err
}
