using Atenea.Errors;

namespace Atenea.Models.Tests;

public sealed class InputBatchTests
{
    [Fact]
    public void Sequences_lie_one_after_another_with_their_own_positions()
    {
        var batch = new InputBatch();
        batch.Add([7, 8, 9], [0, 0, 1]);
        batch.Add([5]);
        Assert.Equal((2, 4, 3), (batch.Sequences, batch.Tokens, batch.LongestSequence));
        Assert.Equal([7, 8, 9, 5], batch.Ids.ToArray());
        Assert.Equal([0, 0, 1, 0], batch.TypeIds.ToArray());
        Assert.Equal([0, 1, 2, 0], batch.Positions.ToArray());
        Assert.Equal([0, 3, 4], batch.Offsets.ToArray());
        Assert.Equal([0, 3], batch.FirstTokens.ToArray());
    }

    [Fact]
    public void Places_may_be_given_and_are_then_those_of_the_table()
    {
        var batch = new InputBatch();
        batch.Add([7, 8, 9], default, [4, 0, 0]);
        batch.Add([5, 6]);
        Assert.True(batch.GivesPositions);
        Assert.Equal([4, 0, 0, 0, 1], batch.Positions.ToArray());
        Assert.Equal([6, 2, 2, 2, 3], batch.PositionsAfter(1).ToArray()); // RoBERTa's rows: from the one after padding's.
        batch.Check(10, 0, 5);
        AteneaException error = Assert.Throws<AteneaException>(() => batch.Check(10, 0, 4));
        Assert.Equal(Catalogue.SequenceTooLong, error.Code);
        Assert.Contains("sequence 0", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => batch.Add([1, 2], default, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add([1, 2], default, [0, -1]));
        batch.Clear();
        batch.Add([7, 8]);
        Assert.False(batch.GivesPositions);
    }

    [Fact]
    public void Places_decide_in_families_with_a_table_and_are_refused_in_others()
    {
        using var engine = new Engine();
        using BaseModel bert = ModelLoader.New<BaseModel>(Golden.FamilyConfig("bert"), seed: 1);
        var counted = new InputBatch();
        counted.Add([3, 4, 5]);
        var given = new InputBatch();
        given.Add([3, 4, 5], default, [0, 1, 2]);
        var turned = new InputBatch();
        turned.Add([3, 4, 5], default, [2, 1, 0]);
        Assert.Equal(States(bert, counted), States(bert, given));
        Assert.NotEqual(States(bert, counted), States(bert, turned));
        using BaseModel rotary = ModelLoader.New<BaseModel>(Golden.FamilyConfig("modernbert"), seed: 1);
        Assert.Throws<NotSupportedException>(() => States(rotary, turned));

        float[] States(BaseModel model, InputBatch batch)
        {
            engine.Tape.Begin(Tensors.TapeMode.Inference);
            return model.Forward(engine.Pass(batch)).ToArray();
        }
    }

    [Fact]
    public void A_cleared_batch_is_filled_again_without_allocating()
    {
        var batch = new InputBatch();
        int[] ids = [.. Enumerable.Range(0, 300)];
        for (int i = 0; i < 40; i++) batch.Add(ids, ids);
        batch.Clear();
        Assert.Equal((0, 0, 0), (batch.Sequences, batch.Tokens, batch.LongestSequence));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 40; i++) batch.Add(ids);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(12000, batch.Tokens);
        Assert.All(batch.TypeIds.ToArray(), type => Assert.Equal(0, type));
    }

    [Fact]
    public void An_empty_sequence_and_segments_of_another_length_are_refused()
    {
        var batch = new InputBatch();
        Assert.Throws<ArgumentException>(() => batch.Add([]));
        Assert.Throws<ArgumentException>(() => batch.Add([1, 2], [0]));
    }

    [Fact]
    public void The_check_names_the_sequence_and_the_token()
    {
        var batch = new InputBatch();
        batch.Add([1, 2, 3]);
        batch.Add([4, 5, 60, 7], [0, 0, 1, 1]);
        batch.Check(61, 2, 4);
        AteneaException tooLong = Assert.Throws<AteneaException>(() => batch.Check(61, 2, 3));
        Assert.Equal(Catalogue.SequenceTooLong, tooLong.Code);
        Assert.Contains("4 tokens", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("sequence 1", tooLong.Message, StringComparison.Ordinal);
        AteneaException id = Assert.Throws<AteneaException>(() => batch.Check(60, 2, 4));
        Assert.Equal(Catalogue.IdOutOfRange, id.Code);
        Assert.Contains("token id 60", id.Message, StringComparison.Ordinal);
        Assert.Contains("sequence 1 of the batch, token 2", id.Message, StringComparison.Ordinal);
        AteneaException segment = Assert.Throws<AteneaException>(() => batch.Check(61, 1, 4));
        Assert.Contains("segment 1", segment.Message, StringComparison.Ordinal);

        var negative = new InputBatch();
        negative.Add([-1]);
        Assert.Equal(Catalogue.IdOutOfRange, Assert.Throws<AteneaException>(() => negative.Check(60, 2, 4)).Code);
    }
}
