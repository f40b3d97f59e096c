module milepost.dev/plane

go 1.26.0

// Nothing of these is built: the custom resource definitions are read from their published modules.
require (
	github.com/argoproj/argo-cd/v3 v3.5.7
	github.com/kubeedge/kubeedge v1.23.1
)
