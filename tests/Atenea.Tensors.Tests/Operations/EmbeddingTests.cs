namespace Atenea.Tensors.Tests;

public sealed class EmbeddingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 17)]
    [InlineData(150, 33)]
    [InlineData(70, 768)]
    public void Sums_three_tables_and_scatters_deterministically(int tokens, int hidden)
    {
        const int Words = 40, Positions = 150, Types = 2, Padding = 3;
        int[] ids = RandomValues.Ids(tokens, Words, 1), positions = [.. Enumerable.Range(0, tokens)], types = RandomValues
            .Ids(tokens, Types, 2);
        ids[0] = Padding;
        float[] w = RandomValues.Normal(Words * hidden, 3), p = RandomValues.Normal(Positions * hidden, 4), t = RandomValues
            .Normal(Types * hidden, 5);
        float[] seed = RandomValues.Normal(tokens * hidden, 6);
        float[][] results = EveryPath.SameBits(tape =>
        {
            using Parameter words = OperationHarness.Parameter("words", w, Words, hidden);
            using Parameter places = OperationHarness.Parameter("positions", p, Positions, hidden);
            using Parameter kinds = OperationHarness.Parameter("types", t, Types, hidden);
            places.RequiresGradient = false;
            tape.Begin(TapeMode.Training);
            Tensor y = tape.Embedding(new(words, ids, Padding), new(kinds, types), new(places, positions));
            tape.SeedGradient(y, seed);
            tape.Backward();
            Assert.False(places.HasGradient);
            return [y.ToArray(), words.GradientToArray(), kinds.GradientToArray()];
        });

        for (int token = 0; token < tokens; token++)
        {
            for (int i = 0; i < hidden; i++)
            {
                float expected = w[(ids[token] * hidden) + i] + t[(types[token] * hidden) + i] + p[(positions[token] * hidden) + i];
                Assert.Equal(expected, results[0][(token * hidden) + i]);
            }
        }

        GradientCheck.Close("words", results[1], Scattered(ids, Words, Padding), 1e-5);
        GradientCheck.Close("types", results[2], Scattered(types, Types, -1), 1e-5);

        double[] Scattered(int[] rows, int limit, int skipped)
        {
            var sum = new double[limit * hidden];
            for (int token = 0; token < tokens; token++)
            {
                for (int i = 0; i < hidden && rows[token] != skipped; i++) sum[(rows[token] * hidden) + i] += seed[(token * hidden) + i];
            }

            return sum;
        }
    }

    [Fact]
    public void A_second_micro_batch_adds_to_the_gradient_and_a_new_step_starts_over()
    {
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        using Parameter table = OperationHarness.Parameter("table", new float[20], 5, 4);
        Backward([1, 1], 1);
        Backward([2], 10);
        Assert.Equal([0, 0, 0, 0, 2, 2, 2, 2, 10, 10, 10, 10, 0, 0, 0, 0, 0, 0, 0, 0], table.GradientToArray());
        table.ZeroGradient();
        Backward([4], 3);
        Assert.Equal(12f, table.GradientToArray().Sum());

        void Backward(int[] ids, float value)
        {
            tape.Begin(TapeMode.Training);
            Tensor y = tape.Embedding(new EmbeddingInput(table, ids));
            tape.SeedGradient(y, [.. Enumerable.Repeat(value, (int)y.Length)]);
            tape.Backward();
        }
    }

    [Fact]
    public void Frozen_tables_record_nothing()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using Parameter table = OperationHarness.Parameter("table", new float[20], 5, 4);
        table.RequiresGradient = false;
        tape.Begin(TapeMode.Training);
        Assert.False(tape.Embedding(new EmbeddingInput(table, new[] { 1 })).IsDifferentiable);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void Ids_outside_the_table_are_named(int id)
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using Parameter table = OperationHarness.Parameter("embeddings.word_embeddings.weight", new float[20], 5, 4);
        tape.Begin(TapeMode.Inference);
        var error = Assert.Throws<Errors.AteneaException>(() => tape.Embedding(new EmbeddingInput(table, new[] { 0, 1, id })));
        Assert.Equal("ATN0603", error.Code.Id);
        Assert.Contains("embeddings.word_embeddings.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains($"id {id} at position 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_that_do_not_fit_together_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using Parameter a = OperationHarness.Parameter("a", new float[20], 5, 4), b = OperationHarness.Parameter("b", new float[15], 5, 3);
        tape.Begin(TapeMode.Inference);
        Assert.Equal("ATN0602",
            Assert.Throws<Errors.AteneaException>(() => tape.Embedding(new(a, new[] { 0 }), new(b, new[] { 0 }))).Code.Id);
        Assert.Equal("ATN0602",
            Assert.Throws<Errors.AteneaException>(() => tape.Embedding(new(a, new[] { 0 }), new(a, new[] { 0, 1 }))).Code.Id);
        Assert.Throws<ArgumentException>(() => tape.Embedding());
    }
}
