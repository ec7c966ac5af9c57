namespace Atenea.Parquet.Tests;

/// <summary>Data sets as they lie in a Hugging Face cache (needs ../shared/hub).</summary>
public class HubFilesTests
{
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("datasets--cardiffnlp--tweet_eval", "81fd9e34", 3257, 4)]
    [InlineData("datasets--cardiffnlp--tweet_eval", "04b6d64c", 1421, 4)]
    [InlineData("datasets--cardiffnlp--tweet_eval", "73ef8ed8", 355, 3)]
    [InlineData("datasets--cardiffnlp--tweet_eval", "22284b95", 374, 4)]
    [InlineData("datasets--cardiffnlp--tweet_eval", "e23a2ce9", 169, 3)]
    [InlineData("datasets--cardiffnlp--tweet_eval", "8de956e3", 40, 3)]
    [InlineData("datasets--stanfordnlp--imdb", "edd97877", 4000, 2)]
    [InlineData("datasets--stanfordnlp--imdb", "e8535cf4", 2000, 2)]
    public void Rows_labels_and_class_names(string repository, string blob, int rows, int classes)
    {
        string path = Directory.GetFiles(References.Beside("hub", repository, "blobs"), blob + "*").Single();
        using ParquetFile file = ParquetFile.Open(path);
        IReadOnlyList<string> names = file.Features!.Member("label")!.Names;
        Assert.Equal(classes, names.Count);
        long read = 0;
        foreach (ParquetBatch batch in file.ReadBatches(["text", "label"]))
        {
            for (int i = 0; i < batch.RowCount; i++) Assert.NotEqual("", ((BytesVector)batch.Columns[0]).GetString(i));
            foreach (long label in ((ValueVector<long>)batch.Columns[1]).Values) Assert.InRange(label, 0, classes - 1);
            read += batch.RowCount;
        }

        Assert.Equal(rows, read);
        Assert.Equal(rows, file.RowCount);
    }

    [Fact]
    public void Features_name_classes_lists_and_structures()
    {
        using ParquetFile ner = ParquetFile.Open(GoldenFiles.PathOf("huggingface/ner.parquet"));
        HuggingFaceFeature tags = ner.Features!.Member("ner_tags")!;
        Assert.Equal("List", tags.Kind);
        Assert.Equal(HuggingFaceFeature.ClassLabel, tags.Element!.Kind);
        Assert.Equal(["O", "B-Chemical", "I-Chemical", "B-Disease", "I-Disease"], tags.Element.Names);
        using ParquetFile squad = ParquetFile.Open(GoldenFiles.PathOf("huggingface/squad.parquet"));
        Assert.Equal("int32", squad.Features!.Member("answers")!.Member("answer_start")!.Element!.DataType);
        using ParquetFile plain = ParquetFile.Open(GoldenFiles.PathOf("codec/snappy_dict_v1.parquet"));
        Assert.Null(plain.Features);
    }
}
