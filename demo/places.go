package demo

// country and place are what the API answers with.
type country struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Capital  string `json:"capital"`
	Currency string `json:"currency"`
}

type place struct {
	Country   string `json:"country"`
	Postcode  string `json:"postcode"`
	Name      string `json:"name"`
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
}

var countries = []country{
	{"AT", "Austria", "Vienna", "EUR"},
	{"CH", "Switzerland", "Bern", "CHF"},
	{"DE", "Germany", "Berlin", "EUR"},
	{"ES", "Spain", "Madrid", "EUR"},
	{"FR", "France", "Paris", "EUR"},
	{"IT", "Italy", "Rome", "EUR"},
}

var places = []place{
	{"AT", "1010", "Vienna", "48.2092", "16.3728"},
	{"CH", "3011", "Bern", "46.9480", "7.4474"},
	{"DE", "10117", "Berlin", "52.5170", "13.3889"},
	{"ES", "28013", "Madrid", "40.4180", "-3.7065"},
	{"FR", "75001", "Paris", "48.8626", "2.3363"},
	{"IT", "00184", "Rome", "41.8902", "12.4922"},
	{"IT", "20121", "Milan", "45.4726", "9.1899"},
}

// find looks a place up by "IT-00184".
func find(key string) (place, bool) {
	for _, p := range places {
		if p.Country+"-"+p.Postcode == key {
			return p, true
		}
	}
	return place{}, false
}
