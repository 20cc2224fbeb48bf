# Names for the usual Maven calls; see CONTRIBUTING.md.
.PHONY: check verify fmt clean

check: ## unit tests, format, static checks, architecture
	mvn -B -ntp test

verify: ## everything CI runs, with real mounts
	./fusewire test

fmt: ## formats all sources
	mvn -q -B -ntp -N validate -Dfusewire.format=write

clean:
	mvn -q -B -ntp clean
