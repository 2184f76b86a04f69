package offthread

func started(p *page) { go p.shown() }
