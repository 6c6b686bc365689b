namespace Engram;

/// <summary>Where Fashion-MNIST is looked for, and whence it is downloaded.</summary>
public sealed record FashionMnistOptions
{
    /// <summary>A folder that has the four files, gzipped or not; nothing is downloaded then.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder that downloads go to: by default <c>data/cache/fashion-mnist</c> of the kit, or the user's cache.</summary>
    public string? Cache { get; init; }

    /// <summary>The address of the folder with the four gzipped files; by default the authors'.</summary>
    public Uri Source { get; init; } = new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

    /// <summary>Whether files that are missing are downloaded.</summary>
    public bool Download { get; init; } = true;

    /// <summary>Told about the download, file by file.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }
}

/// <summary>
/// Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28 × 28, in 10 classes.
/// Source: Xiao, Rasul and Vollgraf (2017), Zalando SE, MIT licence.
/// </summary>
/// <param name="Train">The training images.</param>
/// <param name="Test">The test images.</param>
public sealed record FashionMnist(ImageSet Train, ImageSet Test) : IDisposable
{
    /// <summary>The environment variable that names a folder with the files.</summary>
    public const string FolderVariable = "ENGRAM_DATA";

    private const int Side = 28;
    private const long Training = 60_000, Testing = 10_000;

    private static readonly string[] Classes =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    // The MD5 sums that the authors publish.
    private static readonly (string Name, string Md5)[] Files =
    [
        ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    ];

    /// <summary>Whether the files are here: <see cref="Load"/> then needs no network.</summary>
    /// <param name="options">Where to look.</param>
    public static bool IsAvailable(FashionMnistOptions? options = null) =>
        Missing(DataFolders.Given(options?.Folder) ?? DataFolders.Cache(options?.Cache)).Length == 0;

    /// <summary>
    /// The images: from <see cref="FashionMnistOptions.Folder"/> or the folder that <c>ENGRAM_DATA</c> names, else
    /// from the cache, into which what is missing is downloaded and checked.
    /// </summary>
    /// <param name="options">Where to look.</param>
    /// <param name="cancellation">Stops a download; what came is kept, and the next one goes on from there.</param>
    /// <exception cref="FileNotFoundException">A folder was named that lacks files, or they may not be downloaded.</exception>
    /// <exception cref="HttpRequestException">The download failed; the message says what to do without a network.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or came with another checksum.</exception>
    /// <exception cref="IOException">The cache cannot be written to.</exception>
    public static FashionMnist Load(FashionMnistOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var folder = DataFolders.Given(options.Folder);
        if (folder is null)
        {
            folder = DataFolders.Cache(options.Cache);
            if (options.Download) Fetch(folder, options, EngramOptions.CancellationOr(cancellation));
        }

        if (Missing(folder) is { Length: > 0 } missing)
            throw new FileNotFoundException(
                $"{folder} lacks {string.Join(", ", missing)}. Put them there, name another folder in " +
                $"FashionMnistOptions.Folder or {FolderVariable}, or name none, to have them downloaded.", missing[0]);
        return new(Read(folder, 0, "training", Training), Read(folder, 2, "test", Testing));
    }

    /// <summary>All 70,000 images, the training ones first.</summary>
    /// <returns>A new set; this one stays as it is.</returns>
    public ImageSet ToSingleSet() => ImageSet.Concat("Fashion-MNIST", Train, Test);

    /// <summary>Frees the images and labels.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }

    internal static void Fetch(string folder, FashionMnistOptions options, CancellationToken cancellation)
    {
        var source = options.Source.AbsoluteUri.EndsWith('/') ? options.Source : new Uri(options.Source.AbsoluteUri + "/");
        foreach (var (name, md5) in Files.Where(file => Find(folder, file.Name) is null))
        {
            var download = new Download(new(source, name), Path.Combine(folder, name), md5, options.Progress);
            // On the pool: a caller's synchronisation context must not be waited for.
            Task.Run(() => download.Run(cancellation), CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private static string[] Missing(string folder) =>
        [.. Files.Select(file => file.Name).Where(name => Find(folder, name) is null)];

    private static string? Find(string folder, string name) =>
        new[] { name, Path.GetFileNameWithoutExtension(name) }
            .Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static ImageSet Read(string folder, int first, string part, long count)
    {
        var (imagesPath, labelsPath) = (Find(folder, Files[first].Name)!, Find(folder, Files[first + 1].Name)!);
        var images = Scope.Run(() =>
            Shaped(IdxFile.Read(imagesPath), imagesPath, [count, Side, Side])
                .view(count, Side * Side).to(ScalarType.Float32).div_(255));
        var labels = Scope.Run(() => Shaped(IdxFile.Read(labelsPath), labelsPath, [count]).to(ScalarType.Int64));
        return new($"Fashion-MNIST, {part}", images, labels, Classes, Side, Side);
    }

    private static Tensor Shaped(Tensor tensor, string path, long[] shape) =>
        tensor.dtype == ScalarType.Byte && tensor.shape.SequenceEqual(shape)
            ? tensor
            : throw new InvalidDataException(
                $"{path} holds {tensor.dtype} of shape {Guard.Shape(tensor)}; Byte of [{string.Join(", ", shape)}] is " +
                "wanted. It is another data set's file: put Fashion-MNIST's there.");
}
