package glib

type SourceHandle uint

func IdleAdd(f any) SourceHandle                         { return 0 }
func TimeoutSecondsAdd(seconds uint, f any) SourceHandle { return 0 }
func TimeoutAdd(milliseconds uint, f any) SourceHandle   { return 0 }
