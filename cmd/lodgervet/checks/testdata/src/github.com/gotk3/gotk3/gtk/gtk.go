package gtk

type Widget struct{}

func (w *Widget) Show()                             {}
func (w *Widget) Hide()                             {}
func (w *Widget) Connect(signal string, f any) uint { return 0 }

type Label struct{ Widget }

func LabelNew(text string) (*Label, error) { return nil, nil }
func (l *Label) SetText(text string)       {}
func (l *Label) GetText() (string, error)  { return "", nil }

type Button struct{ Widget }
type Window struct{ Widget }
type Dialog struct{ Window }

func (d *Dialog) Run() int { return 0 }

type Builder struct{}

func (b *Builder) ConnectSignals(signals map[string]any) {}

func Main() {}
