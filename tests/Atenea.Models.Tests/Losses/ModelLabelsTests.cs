using Atenea.Errors;

namespace Atenea.Models.Tests;

public sealed class ModelLabelsTests
{
    [Fact]
    public void Ids_count_as_numbers_and_numbers_are_no_ids()
    {
        var labels = new ModelLabels([1, 0, 2]);
        Assert.True(labels.AreIds(ModelLabels.Usual));
        Assert.Equal([1, 0, 2], labels.Ids(ModelLabels.Usual));
        Assert.Equal([1f, 0, 2], labels.Numbers(ModelLabels.Usual));
        labels.Set(ModelLabels.Usual, [0.5f]);
        Assert.False(labels.AreIds(ModelLabels.Usual));
        Assert.Equal([0.5f], labels.Numbers(ModelLabels.Usual));
        Assert.Equal(Catalogue.LabelsDoNotFit, Assert.Throws<AteneaException>(() => labels.Ids(ModelLabels.Usual)).Code);
        Assert.Equal(Catalogue.LabelsDoNotFit, Assert.Throws<AteneaException>(() => labels.Numbers("others")).Code);
    }

    [Fact]
    public void Labels_are_appended_sequence_by_sequence_and_forgotten_together()
    {
        var labels = new ModelLabels();
        labels.Add("labels", 1, 2);
        labels.Add("labels", 3);
        labels.Add("scores", 0.5f);
        Assert.Equal([1, 2, 3], labels.Ids("labels"));
        labels.Clear();
        Assert.False(labels.Has("labels"));
        labels.Add("labels", 4);
        labels.Add("scores", 7);
        Assert.Equal([4], labels.Ids("labels"));
        Assert.Equal([7], labels.Ids("scores"));
    }

    [Fact]
    public void Filling_labels_again_allocates_nothing()
    {
        var labels = new ModelLabels();
        Fill();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(300, labels.Numbers("labels").Length);

        void Fill()
        {
            labels.Clear();
            for (int i = 0; i < 100; i++) labels.Add("labels", i, 1, 2);
            for (int i = 0; i < 100; i++) labels.Add("numbers", i, 0.5f);
            labels.SetIds("start", 50).Fill(3);
            _ = labels.Numbers("labels");
        }
    }
}
