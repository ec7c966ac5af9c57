namespace Atenea.Tensors.Tests;

public sealed unsafe class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Runs_every_task_exactly_once(int size)
    {
        using var team = new WorkerTeam(size);
        Assert.Equal(size, team.Size);
        int* counts = stackalloc int[100];
        foreach (int tasks in new[] { 0, 1, 2, 7, 100 })
        {
            new Span<int>(counts, 100).Clear();
            team.Run(tasks, &Count, counts);
            for (int i = 0; i < 100; i++) Assert.Equal(i < tasks ? 1 : 0, counts[i]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Sleeping_workers_are_woken_however_often_they_fall_asleep(int size)
    {
        using var team = new WorkerTeam(size);
        int* counts = stackalloc int[64];
        new Span<int>(counts, 64).Clear();
        var random = new Random(1);
        for (int run = 0; run < 300; run++)
        {
            team.Run(64, &Count, counts);
            if (run % 3 == 0) Thread.Sleep(random.Next(3)); // long enough for some workers to fall asleep, and for some to be about to
        }

        for (int i = 0; i < 64; i++) Assert.Equal(300, counts[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void An_exception_of_a_task_reaches_the_caller_and_the_team_goes_on(int size)
    {
        using var team = new WorkerTeam(size);
        int* counts = stackalloc int[100];
        for (int round = 0; round < 20; round++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => team.Run(100, &FailAtFifty, null));
            Assert.Equal("task 50", thrown.Message);
            Assert.Contains(nameof(FailAtFifty), thrown.StackTrace, StringComparison.Ordinal);
            new Span<int>(counts, 100).Clear();
            team.Run(100, &Count, counts);
            for (int i = 0; i < 100; i++) Assert.Equal(1, counts[i]);
        }
    }

    [Fact]
    public void Several_threads_take_part()
    {
        using var team = new WorkerTeam(3);
        int* threads = stackalloc int[64];
        new Span<int>(threads, 64).Clear();
        for (int attempt = 0; attempt < 50; attempt++)
        {
            team.Run(64, &NoteThread, threads);
            if (new Span<int>(threads, 64).ToArray().Distinct().Count() > 1) return;
        }

        Assert.Fail("All tasks ran on one thread, fifty times over.");
    }

    [Fact]
    public void Run_allocates_nothing()
    {
        using var team = new WorkerTeam(2);
        int* counts = stackalloc int[64];
        team.Run(64, &Count, counts);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) team.Run(64, &Count, counts);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Zero_means_one_member_per_processor_and_dispose_may_be_repeated()
    {
        var team = new WorkerTeam();
        Assert.Equal(Environment.ProcessorCount, team.Size);
        team.Dispose();
        team.Dispose();
    }

    private static void Count(void* state, int task) => Interlocked.Increment(ref ((int*)state)[task]);

    private static void FailAtFifty(void* state, int task)
    {
        if (task == 50) throw new InvalidOperationException("task 50");
    }

    private static void NoteThread(void* state, int task)
    {
        ((int*)state)[task] = Environment.CurrentManagedThreadId;
        Thread.SpinWait(20_000);
    }
}
